using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Random;

namespace LmPlayground.Sampling;

/// <summary>The draw: inverse CDF over the tokens left, in the total order, at a random number that seed and position alone decide.</summary>
public static class TokenSampler
{
    /// <summary>Draws the token for <paramref name="position"/>.</summary>
    public static TokenDraw Draw(CandidateSet candidates, ulong seed, int position) =>
        candidates.Draw(Philox4x32.Uniform(seed, (ulong)position, RandomPurpose.Token));
}
