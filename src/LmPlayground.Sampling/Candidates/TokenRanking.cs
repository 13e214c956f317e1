using System.Runtime.Intrinsics;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>Where tokens stand by their logits, in the total order: logit descending, then id ascending.</summary>
public static class TokenRanking
{
    private const int Width = 16;

    /// <summary>Fills <paramref name="ids"/> with the first tokens of the order, best first. Tokens of logit -infinity are left out.</summary>
    /// <returns>How many were filled in.</returns>
    public static int Top(ReadOnlySpan<float> logits, Span<int> ids) => TopSelector.Select(logits, ids);

    /// <summary>A token's place in the order, from 1.</summary>
    public static int RankOf(ReadOnlySpan<float> logits, int id)
    {
        var rank = 1;
        var value = logits[id];
        var i = 0;
        for (; i + Width <= logits.Length; i += Width)
        {
            var block = Vector512.Create(logits.Slice(i, Width));
            rank += System.Numerics.BitOperations.PopCount(
                Vector512.GreaterThan(block, Vector512.Create(value)).ExtractMostSignificantBits());
        }

        for (; i < logits.Length; i++)
            rank += logits[i] > value ? 1 : 0;
        for (i = 0; i < id; i++)
            rank += logits[i] == value ? 1 : 0;
        return rank;
    }

    /// <summary>The probability of a token and all before it in the order, under the softmax of <paramref name="logits"/>.</summary>
    /// <param name="logits">The logits.</param>
    /// <param name="id">The token.</param>
    /// <param name="logSum">ln of the sum of e^logit over all of them.</param>
    public static double CumulativeProbability(ReadOnlySpan<float> logits, int id, double logSum)
    {
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (i == id || TopSelector.Precedes(logits, i, id))
                sum += Probability(logits[i], logSum);
        }

        return Math.Min(1, sum);
    }

    /// <summary>The probability that belongs to a logit: e^(logit - logSum).</summary>
    public static double Probability(double logit, double logSum) => Math.Min(1, Exponential.Exp(logit - logSum));
}
