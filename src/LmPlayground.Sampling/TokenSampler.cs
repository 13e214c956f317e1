using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Random;

namespace LmPlayground.Sampling;

/// <summary>
/// The draw of one token from what a <see cref="SamplerChain"/> has left: inverse CDF in the total order, at a random number that seed and
/// position alone decide. The chain decides which tokens can come; this decides which one does.
/// </summary>
public static class TokenSampler
{
    /// <summary>Draws the token for <paramref name="position"/>.</summary>
    /// <param name="candidates">The tokens left.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="position">The place of the token in the sequence, from 0.</param>
    public static TokenDraw Draw(CandidateSet candidates, ulong seed, int position) =>
        candidates.Draw(Philox4x32.Uniform(seed, (ulong)position, RandomPurpose.Token));
}
