using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Mirostat 1 (Basu et al. 2021): estimates from the first hundred tokens how steeply the probabilities fall (Zipf's exponent s),
/// and from s and mu how many tokens k to keep: k = (e 2^mu / (1 - V^-e))^(1/s), e = s - 1, V the size of the vocabulary. The paper and
/// llama.cpp use the same m = 100.
/// </summary>
/// <remarks>It replaces truncation: while it is on and in the order, the stages that truncate do not run.</remarks>
public sealed class MirostatStage() : MirostatFamilyStage(Tau, Eta)
{
    internal const string StageName = "mirostat";

    /// <summary>tau: the surprise, in bits a token, that the text is to have; 0 is off. The papers' experiments use 3 to 5.</summary>
    public static readonly NumberParameter Tau = DeclareTau(
        StageName, "Mirostat 1",
        "Keeps the text about this surprising, in bits a token, by choosing how many of the likeliest tokens stay. 0 is off.");

    /// <summary>eta: how fast the threshold follows the surprise of what was drawn.</summary>
    public static readonly NumberParameter Eta = DeclareEta("mirostat_eta", "Mirostat 1 learning rate");

    private protected override void Cut(CandidateSet candidates, double mu)
    {
        if (candidates.Count == 1)
            return;
        var logK = ZipfLaw.LogOfKept(ZipfLaw.Exponent(candidates), mu, candidates.VocabularySize);
        if (logK < Exponential.Log(candidates.Count))
            candidates.KeepTop(Math.Max(1, (int)(1 / Exponential.Exp(-Math.Max(0, logK)))));
    }
}
