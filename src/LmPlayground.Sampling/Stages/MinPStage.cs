using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Keeps the tokens whose probability is at least a share of the greatest one (Nguyen et al. 2024).</summary>
public sealed class MinPStage : SamplingStage
{
    internal const string StageName = "min_p";

    /// <summary>The share of the greatest probability that a token must have.</summary>
    public static readonly NumberParameter P = new(StageName, "Min-p")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 1,
        Help = "Only tokens that are at least this likely, compared with the likeliest one, stay in the draw. 0 keeps all.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => P.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [P];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[P] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(options[P]);

    private sealed class Processor(double p) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepRelative(p);
    }
}
