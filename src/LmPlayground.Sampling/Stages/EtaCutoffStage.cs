using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Removes the tokens below a probability that falls with the entropy (Hewitt et al. 2022): eta = min(eps, sqrt(eps) e^-H), as transformers computes it. The most probable ones always stay.</summary>
public sealed class EtaCutoffStage() : ProbabilityCutoffStage(Epsilon)
{
    internal const string StageName = "eta_cutoff";

    /// <summary>eps of the formula: the greatest that the least probability becomes.</summary>
    public static readonly NumberParameter Epsilon = Declare(
        StageName, "Eta cutoff", "As the epsilon cutoff, with a limit that falls where the model is unsure. 0 keeps all.");

    private protected override double Threshold(double epsilon, CandidateSet candidates) =>
        Math.Min(epsilon, Math.Sqrt(epsilon) * Exponential.Exp(-candidates.EntropyInNats));
}
