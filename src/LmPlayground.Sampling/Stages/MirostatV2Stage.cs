using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Mirostat 2 (Basu et al. 2021): keeps the tokens whose surprise is at most mu bits.</summary>
/// <remarks>It replaces truncation: while it is on and in the order, the stages that truncate do not run.</remarks>
public sealed class MirostatV2Stage() : MirostatFamilyStage(Tau, Eta)
{
    internal const string StageName = "mirostat_v2";

    /// <summary>tau: the surprise, in bits a token, that the text is to have; 0 is off. The papers' experiments use 3 to 5.</summary>
    public static readonly NumberParameter Tau = DeclareTau(
        StageName, "Mirostat 2",
        "Keeps the text about this surprising, in bits a token, by moving the limit for unlikely tokens after each draw. 0 is off.");

    /// <summary>eta: how fast the threshold follows the surprise of what was drawn.</summary>
    public static readonly NumberParameter Eta = DeclareEta("mirostat_v2_eta", "Mirostat 2 learning rate");

    private protected override void Cut(CandidateSet candidates, double mu) =>
        candidates.KeepProbable(Exponential.HalfToThe(mu));
}
