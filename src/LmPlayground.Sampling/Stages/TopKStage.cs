using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Keeps the k most probable tokens (Fan et al. 2018). As in transformers, ties with the k-th stay.</summary>
public sealed class TopKStage : SamplingStage
{
    internal const string StageName = "top_k";

    /// <summary>How many tokens stay.</summary>
    public static readonly NumberParameter K = new(StageName, "Top-k")
    {
        Default = 0,
        Minimum = 0,
        Maximum = int.MaxValue,
        SliderMaximum = 200,
        Step = 1,
        IsInteger = true,
        Help = "Only this many of the likeliest tokens stay in the draw. 0 keeps all.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => K.Label;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [K];

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options.TopK > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(options.TopK);

    private sealed class Processor(int k) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepTop(k);
    }
}
