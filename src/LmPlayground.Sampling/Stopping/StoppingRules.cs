using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>Every stop criterion there is.</summary>
public static class StoppingRules
{
    /// <summary>
    /// One line for each, in the order in which they are checked: where several hold at one token, the first one is the reason. Time comes
    /// last because it alone differs from run to run: whatever else holds at a token is the reason each time.
    /// </summary>
    public static readonly ImmutableArray<StoppingRule> All =
    [
        new EndOfSequenceRule(),
        new StopTokenRule(),
        new StopStringRule(),
        new LengthRule(),
        new ContextRule(),
        new RepetitionRule(),
        new LowProbabilityRule(),
        new HighEntropyRule(),
        new TimeRule(),
    ];

    /// <summary>Everything that a criterion takes.</summary>
    public static readonly ImmutableArray<Parameter> Parameters = [.. All.SelectMany(rule => rule.Parameters)];

    /// <summary>The numbers of the less common criteria, in the order of a panel.</summary>
    public static readonly ImmutableArray<NumberParameter> AdvancedNumbers =
        [.. All.Where(rule => rule.IsAdvanced).SelectMany(rule => rule.Parameters).OfType<NumberParameter>()];

    /// <summary>Why a run ended, in words that stand after "stopped:", with what is known of it.</summary>
    /// <param name="point">The end.</param>
    /// <param name="quote">How a piece of the model's text is shown.</param>
    public static string Explain(StopPoint point, Func<string, string> quote) =>
        All.FirstOrDefault(rule => rule.Reason == point.Reason)?.Explain(point, quote) ?? point.Reason.Label;
}
