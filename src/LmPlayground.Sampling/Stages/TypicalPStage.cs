using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Keeps the tokens whose surprisal is nearest to the entropy until they hold the mass p (Meister et al. 2022). The token that crosses p stays, ties with it too, as in transformers.</summary>
public sealed class TypicalPStage : SamplingStage
{
    internal const string StageName = "typical_p";

    /// <summary>The mass of the typical tokens.</summary>
    public static readonly NumberParameter P = new(StageName, "Typical-p")
    {
        Default = 1,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 1,
        Help = "Only the tokens that are about as surprising as is usual here stay in the draw, until they reach this probability. 1 keeps all.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => P.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [P];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[P] < 1;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(options[P]);

    private sealed class Processor(double p) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepTypical(p);
    }
}
