using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>The output ends with one pattern of tokens several times in a row (vLLM's RepetitionDetectionParams).</summary>
public sealed class RepetitionRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("repetition", "repeats itself");

    /// <summary>The longest pattern. vLLM's max_pattern_size.</summary>
    public static readonly NumberParameter MaxPatternSize = new("repetition_max_pattern_size", "Loop: longest pattern")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 1_024,
        SliderMaximum = 64,
        Step = 1,
        IsInteger = true,
        Help = "Stop when the output ends with the same tokens over and over: the most tokens that the repeated part may have. 0 is off.",
    };

    /// <summary>How many copies. vLLM's min_count.</summary>
    public static readonly NumberParameter MinCount = new("repetition_min_count", "Loop: times in a row")
    {
        Default = 3,
        Minimum = 2,
        Maximum = 1_000,
        SliderMaximum = 20,
        Step = 1,
        IsInteger = true,
        Help = "How many times in a row the repeated part must be there.",
        Of = MaxPatternSize,
    };

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters { get; } = [MaxPatternSize, MinCount];

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override bool WaitsForMinimum => true;

    /// <inheritdoc/>
    public override string Explain(StopPoint point, Func<string, string> quote) => point switch
    {
        { PatternSize: 1, Count: { } count } => string.Create(CultureInfo.InvariantCulture, $"repeats the last token {count:N0} times"),
        { PatternSize: { } size, Count: { } count } => string.Create(CultureInfo.InvariantCulture, $"repeats the last {size:N0} tokens {count:N0} times"),
        _ => base.Explain(point, quote),
    };

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment) =>
        new RepetitionCriterion(options.RepetitionMaxPatternSize, options.RepetitionMinCount);
}
