using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Removes the tokens below a probability (Hewitt et al. 2022). The most probable ones always stay.</summary>
/// <param name="epsilon">The declaration of the probability, or of the greatest that it becomes.</param>
public abstract class ProbabilityCutoffStage(NumberParameter epsilon) : SamplingStage
{
    /// <inheritdoc/>
    public override string Name => epsilon.Name;

    /// <inheritdoc/>
    public override string Label => epsilon.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [epsilon];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[epsilon] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(this, options[epsilon]);

    private protected static NumberParameter Declare(string name, string label, string help) => new(name, label)
    {
        Default = 0,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 0.1,
        Step = 0.0001,
        Help = help,
    };

    /// <summary>The probability below which a token leaves.</summary>
    private protected abstract double Threshold(double epsilon, CandidateSet candidates);

    private sealed class Processor(ProbabilityCutoffStage stage, double epsilon) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) =>
            candidates.KeepProbable(stage.Threshold(epsilon, candidates));
    }
}
