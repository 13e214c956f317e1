using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Stages;

/// <summary>Removes the tokens below a probability that falls with the entropy (Hewitt et al. 2022): eta = min(eps, sqrt(eps) e^-H), as transformers computes it. The most probable ones always stay.</summary>
public sealed class EtaCutoffStage : SamplingStage
{
    internal const string StageName = "eta_cutoff";

    /// <summary>eps of the formula: the greatest that the least probability becomes.</summary>
    public static readonly StageParameter Epsilon = new(StageName, "Eta cutoff")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 0.1,
        Step = 0.0001,
        Help = "As the epsilon cutoff, with a limit that falls where the model is unsure. 0 keeps all.",
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
        public void Apply(CandidateSet candidates, in SamplingContext context) =>
            candidates.KeepProbable(Math.Min(epsilon, Math.Sqrt(epsilon) * Exponential.Exp(-candidates.EntropyInNats)));
    }
}
