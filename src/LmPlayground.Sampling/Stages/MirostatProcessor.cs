using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Sampling.Stages;

/// <summary>What both versions of mirostat share: mu, the surprise in bits that a token may have, follows the draws.</summary>
internal abstract class MirostatProcessor(double tau, double eta) : IAdaptiveProcessor
{
    public double State { get; set; } = 2 * tau;

    public abstract void Apply(CandidateSet candidates, in SamplingContext context);

    public void Observe(double surprise) => State -= eta * (surprise - tau);
}
