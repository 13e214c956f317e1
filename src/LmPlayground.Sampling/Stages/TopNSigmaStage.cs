using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Keeps the tokens whose logit is at least the greatest less n standard deviations of the logits (Tang et al. 2024). Temperature does not change what it keeps.</summary>
public sealed class TopNSigmaStage : SamplingStage
{
    internal const string StageName = "top_n_sigma";

    /// <summary>How many standard deviations below the greatest logit a token may lie.</summary>
    public static readonly NumberParameter N = new(StageName, "Top-n-sigma")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 100,
        SliderMaximum = 5,
        Step = 0.1,
        Help = "Only tokens whose raw score is close to the best one stay in the draw, measured in standard deviations. 0 keeps all.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => N.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [N];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[N] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(options[N]);

    private sealed class Processor(double n) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepWithinDeviations(n);
    }
}
