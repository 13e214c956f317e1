using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// What both versions of mirostat share (Basu et al. 2021): mu, the surprise in bits that a token may have, begins at 2 tau and after each
/// draw moves against the difference between the drawn token's surprise and tau: mu -= eta (surprise - tau).
/// </summary>
/// <remarks>It replaces truncation: while it is on and in the order, the stages that truncate do not run.</remarks>
/// <param name="tau">The declaration of tau, which has the stage's name.</param>
/// <param name="eta">The declaration of eta.</param>
public abstract class MirostatFamilyStage(NumberParameter tau, NumberParameter eta) : SamplingStage
{
    /// <inheritdoc/>
    public override string Name => tau.Name;

    /// <inheritdoc/>
    public override string Label => tau.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Adaptive;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [tau, eta];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[tau] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) =>
        new Processor(this, options[tau], options[eta]);

    private protected static NumberParameter DeclareTau(string name, string label, string help) => new(name, label)
    {
        Default = 0,
        Minimum = 0,
        Maximum = 20,
        SliderMaximum = 10,
        Step = 0.1,
        Help = help,
    };

    private protected static NumberParameter DeclareEta(string name, string label) => new(name, label)
    {
        Default = 0.1,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 1,
        Help = "How fast the limit follows what was drawn. 0 never moves it.",
    };

    /// <summary>Removes what is more surprising than mu allows.</summary>
    private protected abstract void Cut(CandidateSet candidates, double mu);

    private sealed class Processor(MirostatFamilyStage stage, double tau, double eta) : IAdaptiveProcessor
    {
        public double State { get; set; } = 2 * tau;

        public void Apply(CandidateSet candidates, in SamplingContext context) => stage.Cut(candidates, State);

        public void Observe(double surprise) => State -= eta * (surprise - tau);
    }
}
