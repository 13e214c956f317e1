using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>Several tokens in a row had a low probability under the model itself.</summary>
public sealed class LowProbabilityRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("low_probability", "improbable tokens");

    /// <summary>The least probability.</summary>
    public static readonly NumberParameter Probability = new("stop_below_probability", "Improbable tokens: below")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 0.5,
        Step = 0.001,
        Help = "Stop after several tokens in a row to which the model itself gave less than this probability. 0 is off.",
    };

    /// <summary>How many tokens in a row.</summary>
    public static readonly NumberParameter Tokens = new("stop_below_probability_tokens", "Improbable tokens: in a row")
    {
        Default = 3,
        Minimum = 1,
        Maximum = 1_000,
        SliderMaximum = 20,
        Step = 1,
        IsInteger = true,
        Help = "How many improbable tokens in a row end the text.",
        Of = Probability,
    };

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters { get; } = [Probability, Tokens];

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override bool NeedsDraws => true;

    /// <inheritdoc/>
    public override bool WaitsForMinimum => true;

    /// <inheritdoc/>
    public override string Explain(StopPoint point, Func<string, string> quote) => point.Count switch
    {
        1 => "1 improbable token",
        { } count => string.Create(CultureInfo.InvariantCulture, $"{count:N0} improbable tokens in a row"),
        null => base.Explain(point, quote),
    };

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment)
    {
        var least = options.StopBelowProbability;
        return new StreakCriterion(one => one.Probability < least, options.StopBelowProbabilityTokens, Reason);
    }
}
