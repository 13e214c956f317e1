using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Mirostat 1 (Basu et al. 2021): estimates from the first hundred tokens how steeply the probabilities fall (Zipf's exponent s),
/// and from s and mu how many tokens k to keep: k = (e 2^mu / (1 - V^-e))^(1/s), e = s - 1, V the size of the vocabulary. After each
/// draw mu -= eta (surprise - tau), beginning at mu = 2 tau. The paper and llama.cpp use the same m = 100.
/// </summary>
/// <remarks>It replaces truncation: while it is on and in the order, the stages that truncate do not run.</remarks>
public sealed class MirostatStage : SamplingStage
{
    internal const string StageName = "mirostat";

    /// <summary>tau: the surprise, in bits a token, that the text is to have; 0 is off. The papers' experiments use 3 to 5.</summary>
    public static readonly StageParameter Tau = new(StageName, "Mirostat 1")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 20,
        SliderMaximum = 10,
        Step = 0.1,
        Help = "Keeps the text about this surprising, in bits a token, by choosing how many of the likeliest tokens stay. 0 is off.",
    };

    /// <summary>eta: how fast the threshold follows the surprise of what was drawn.</summary>
    public static readonly StageParameter Eta = new("mirostat_eta", "Mirostat 1 learning rate")
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
        public override void Apply(CandidateSet candidates, in SamplingContext context)
        {
            if (candidates.Count == 1)
                return;
            var logK = ZipfLaw.LogOfKept(ZipfLaw.Exponent(candidates), State, candidates.VocabularySize);
            if (logK < Exponential.Log(candidates.Count))
                candidates.KeepTop(Math.Max(1, (int)(1 / Exponential.Exp(-Math.Max(0, logK)))));
        }
    }
}
