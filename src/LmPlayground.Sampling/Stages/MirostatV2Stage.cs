using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Mirostat 2 (Basu et al. 2021): keeps the tokens whose surprise is at most mu bits, and after each draw moves mu against the
/// difference between the drawn token's surprise and the target tau: mu -= eta (surprise - tau), beginning at mu = 2 tau.
/// </summary>
/// <remarks>It replaces truncation: while it is on and in the order, the stages that truncate do not run.</remarks>
public sealed class MirostatV2Stage : SamplingStage
{
    internal const string StageName = "mirostat_v2";

    /// <summary>tau: the surprise, in bits a token, that the text is to have; 0 is off. The papers' experiments use 3 to 5.</summary>
    public static readonly StageParameter Tau = new(StageName, "Mirostat 2")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 20,
        SliderMaximum = 10,
        Step = 0.1,
        Help = "Keeps the text about this surprising, in bits a token, by moving the limit for unlikely tokens after each draw. 0 is off.",
    };

    /// <summary>eta: how fast the threshold follows the surprise of what was drawn.</summary>
    public static readonly StageParameter Eta = new("mirostat_v2_eta", "Mirostat 2 learning rate")
    {
        Default = 0.1,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 1,
        Help = "How fast the limit follows what was drawn. 0 never moves it.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Tau.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Adaptive;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<StageParameter> Parameters { get; } = [Tau, Eta];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Tau] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) =>
        new Processor(options[Tau], options[Eta]);

    private sealed class Processor(double tau, double eta) : MirostatProcessor(tau, eta)
    {
        public override void Apply(CandidateSet candidates, in SamplingContext context) =>
            candidates.KeepProbable(Exponential.HalfToThe(State));
    }
}
