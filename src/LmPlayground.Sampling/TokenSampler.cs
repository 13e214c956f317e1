using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Random;

namespace LmPlayground.Sampling;

/// <summary>The draw: inverse CDF over the tokens left, in the total order, at a random number that seed and position alone decide.</summary>
public static class TokenSampler
{
    /// <summary>Draws the token for <paramref name="position"/>.</summary>
    public static TokenDraw Draw(CandidateSet candidates, ulong seed, int position) =>
        candidates.Draw(Philox4x32.Uniform(seed, (ulong)position, RandomPurpose.Token));

    /// <summary>The token on which the cumulative probability <paramref name="u"/> falls: what another chain makes of the same dice.</summary>
    /// <param name="candidates">The tokens left.</param>
    /// <param name="u">In [0, 1).</param>
    public static TokenDraw DrawAt(CandidateSet candidates, double u) => candidates.Draw(u);
}
