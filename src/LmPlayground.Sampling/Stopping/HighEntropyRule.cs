using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>At several tokens in a row the model's own distribution had a high entropy.</summary>
public sealed class HighEntropyRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("high_entropy", "the model is unsure");

    /// <summary>The greatest entropy, in bits.</summary>
    public static readonly NumberParameter Entropy = new("stop_above_entropy", "Unsure model: above (bits)")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 32,
        SliderMaximum = 16,
        Step = 0.1,
        Help = "Stop after several tokens in a row at which the model's own distribution had more than this entropy, in bits. 0 is off.",
    };

    /// <summary>How many tokens in a row.</summary>
    public static readonly NumberParameter Tokens = new("stop_above_entropy_tokens", "Unsure model: in a row")
    {
        Default = 3,
        Minimum = 1,
        Maximum = 1_000,
        SliderMaximum = 20,
        Step = 1,
        IsInteger = true,
        Help = "How many unsure tokens in a row end the text.",
        Of = Entropy,
    };

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters { get; } = [Entropy, Tokens];

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override bool NeedsDraws => true;

    /// <inheritdoc/>
    public override bool WaitsForMinimum => true;

    /// <inheritdoc/>
    public override string Explain(StopPoint point, Func<string, string> quote) => point.Count switch
    {
        1 => "the model was unsure of 1 token",
        { } count => string.Create(CultureInfo.InvariantCulture, $"the model was unsure of {count:N0} tokens in a row"),
        null => base.Explain(point, quote),
    };

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment)
    {
        var most = options.StopAboveEntropy;
        return new StreakCriterion(one => one.Entropy > most, options.StopAboveEntropyTokens, Reason);
    }
}
