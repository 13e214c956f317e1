using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Cuts the tail off where the curve of the sorted probabilities has become straight (Phénix and Egan 2019), as llama.cpp did: before the first token at which the normalised sum of absolute second differences exceeds z.</summary>
public sealed class TailFreeStage : SamplingStage
{
    internal const string StageName = "tfs_z";

    /// <summary>How much of the bend of the curve stays.</summary>
    public static readonly NumberParameter Z = new(StageName, "Tail-free (TFS)")
    {
        Default = 1,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 1,
        Help = "Cuts off the tail of unlikely tokens where the curve of probabilities becomes flat. Lower cuts more, 1 keeps all.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Z.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [Z];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Z] < 1;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(options[Z]);

    private sealed class Processor(double z) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepTailFree(z);
    }
}
