using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Removes the tokens below a fixed probability (Hewitt et al. 2022). The most probable ones always stay.</summary>
public sealed class EpsilonCutoffStage() : ProbabilityCutoffStage(Epsilon)
{
    internal const string StageName = "epsilon_cutoff";

    /// <summary>The least probability.</summary>
    public static readonly NumberParameter Epsilon = Declare(
        StageName, "Epsilon cutoff", "Tokens less likely than this leave the draw; the likeliest always stays. 0 keeps all.");

    private protected override double Threshold(double epsilon, CandidateSet candidates) => epsilon;
}
