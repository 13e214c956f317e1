using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Sampling.Stages;

/// <summary>Removes the tokens below a fixed probability (Hewitt et al. 2022). The most probable ones always stay.</summary>
public sealed class EpsilonCutoffStage : SamplingStage
{
    internal const string StageName = "epsilon_cutoff";

    /// <summary>The least probability.</summary>
    public static readonly StageParameter Epsilon = new(StageName, "Epsilon cutoff")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 0.1,
        Step = 0.0001,
        Help = "Tokens less likely than this leave the draw; the likeliest always stays. 0 keeps all.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Epsilon.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<StageParameter> Parameters { get; } = [Epsilon];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Epsilon] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(options[Epsilon]);

    private sealed class Processor(double epsilon) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepProbable(epsilon);
    }
}
