using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Stopping;

/// <summary>
/// One number of the less common stop criteria, declared once: the page's control, the command line's option and the address are all made
/// from it, and its range is checked by it.
/// </summary>
/// <param name="Number">Name, range, neutral value and help.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">The options with another value.</param>
public sealed record StoppingParameter(
    StageParameter Number, Func<StoppingOptions, double> Get, Func<StoppingOptions, double, StoppingOptions> Set)
{
    /// <summary>The criterion that must be on for this number to matter; null for a criterion's own threshold.</summary>
    public StageParameter? Of { get; init; }

    /// <summary>transformers' name. The only criterion that is not reproducible.</summary>
    public static readonly StoppingParameter MaxTime = new(
        new StageParameter("max_time", "Time limit (seconds)")
        {
            Default = 0,
            Minimum = 0,
            Maximum = 86_400,
            SliderMaximum = 60,
            Step = 0.5,
            Help = "Stop after this many seconds, reading the prompt included. 0 is no limit. A slower machine stops earlier in the text.",
        },
        options => options.MaxTime, (options, value) => options with { MaxTime = value });

    /// <summary>vLLM's RepetitionDetectionParams.max_pattern_size.</summary>
    public static readonly StoppingParameter RepetitionMaxPatternSize = new(
        new StageParameter("repetition_max_pattern_size", "Loop: longest pattern")
        {
            Default = 0,
            Minimum = 0,
            Maximum = 1_024,
            SliderMaximum = 64,
            Step = 1,
            IsInteger = true,
            Help = "Stop when the output ends with the same tokens over and over: the most tokens that the repeated part may have. 0 is off.",
        },
        options => options.RepetitionMaxPatternSize, (options, value) => options with { RepetitionMaxPatternSize = (int)value });

    /// <summary>vLLM's RepetitionDetectionParams.min_count.</summary>
    public static readonly StoppingParameter RepetitionMinCount = new(
        new StageParameter("repetition_min_count", "Loop: times in a row")
        {
            Default = 3,
            Minimum = 2,
            Maximum = 1_000,
            SliderMaximum = 20,
            Step = 1,
            IsInteger = true,
            Help = "How many times in a row the repeated part must be there.",
        },
        options => options.RepetitionMinCount, (options, value) => options with { RepetitionMinCount = (int)value })
    {
        Of = RepetitionMaxPatternSize.Number,
    };

    /// <summary>The least probability.</summary>
    public static readonly StoppingParameter StopBelowProbability = new(
        new StageParameter("stop_below_probability", "Improbable tokens: below")
        {
            Default = 0,
            Minimum = 0,
            Maximum = 1,
            SliderMaximum = 0.5,
            Step = 0.001,
            Help = "Stop after several tokens in a row to which the model itself gave less than this probability. 0 is off.",
        },
        options => options.StopBelowProbability, (options, value) => options with { StopBelowProbability = value });

    /// <summary>How many tokens of low probability.</summary>
    public static readonly StoppingParameter StopBelowProbabilityTokens = new(
        new StageParameter("stop_below_probability_tokens", "Improbable tokens: in a row")
        {
            Default = 3,
            Minimum = 1,
            Maximum = 1_000,
            SliderMaximum = 20,
            Step = 1,
            IsInteger = true,
            Help = "How many improbable tokens in a row end the text.",
        },
        options => options.StopBelowProbabilityTokens, (options, value) => options with { StopBelowProbabilityTokens = (int)value })
    {
        Of = StopBelowProbability.Number,
    };

    /// <summary>The greatest entropy.</summary>
    public static readonly StoppingParameter StopAboveEntropy = new(
        new StageParameter("stop_above_entropy", "Unsure model: above (bits)")
        {
            Default = 0,
            Minimum = 0,
            Maximum = 32,
            SliderMaximum = 16,
            Step = 0.1,
            Help = "Stop after several tokens in a row at which the model's own distribution had more than this entropy, in bits. 0 is off.",
        },
        options => options.StopAboveEntropy, (options, value) => options with { StopAboveEntropy = value });

    /// <summary>How many tokens of high entropy.</summary>
    public static readonly StoppingParameter StopAboveEntropyTokens = new(
        new StageParameter("stop_above_entropy_tokens", "Unsure model: in a row")
        {
            Default = 3,
            Minimum = 1,
            Maximum = 1_000,
            SliderMaximum = 20,
            Step = 1,
            IsInteger = true,
            Help = "How many unsure tokens in a row end the text.",
        },
        options => options.StopAboveEntropyTokens, (options, value) => options with { StopAboveEntropyTokens = (int)value })
    {
        Of = StopAboveEntropy.Number,
    };

    /// <summary>All of them, in the order of a panel.</summary>
    public static ImmutableArray<StoppingParameter> All { get; } =
    [
        RepetitionMaxPatternSize, RepetitionMinCount, StopBelowProbability, StopBelowProbabilityTokens,
        StopAboveEntropy, StopAboveEntropyTokens, MaxTime,
    ];
}
