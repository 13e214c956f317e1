using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Random;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Exclude top choices (p-e-w 2024): at some positions, which the seed decides, removes every token that reaches a threshold except
/// the least probable of them. Fewer than two that reach it are left alone.
/// </summary>
public sealed class XtcStage : SamplingStage
{
    internal const string StageName = "xtc";

    /// <summary>With which probability it acts at a position.</summary>
    public static readonly NumberParameter Probability = new("xtc_probability", "XTC probability")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 1,
        Help = "How often the likeliest choices are taken out, so that a good but less usual one is drawn. 0 is never.",
    };

    /// <summary>The probability that makes a token one of the top choices; above 0.5 no two tokens reach it.</summary>
    public static readonly NumberParameter Threshold = new("xtc_threshold", "XTC threshold")
    {
        Default = 0.1,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 0.5,
        Help = "Tokens at least this likely count as top choices; all but the least likely of them are taken out. Above 0.5 is off.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => "XTC";

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [Probability, Threshold];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Probability] > 0 && options[Threshold] <= 0.5;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) =>
        new Processor(options[Probability], options[Threshold]);

    /// <summary>Whether it acts at this position. The number has a purpose of its own: the draw of the token knows nothing of it.</summary>
    internal static bool Acts(double probability, in SamplingContext context) =>
        Philox4x32.Uniform(context.Seed, (ulong)context.Position, RandomPurpose.Xtc) < probability;

    private sealed class Processor(double probability, double threshold) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            if (Acts(probability, context))
                candidates.DropTop(threshold);
        }
    }
}
