using System.Numerics;
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
        var value = logits[id];
        return 1 + CountFrom(logits[..id], value) + CountAbove(logits[(id + 1)..], value);
    }

    /// <summary>The probability of a token and all before it in the order, under the softmax of <paramref name="logits"/>.</summary>
    /// <param name="logits">The logits.</param>
    /// <param name="id">The token.</param>
    /// <param name="logSum">ln of the sum of e^logit over all of them.</param>
    public static double CumulativeProbability(ReadOnlySpan<float> logits, int id, double logSum)
    {
        // Added one by one in ascending order of id; only what they are made of is computed many at a time.
        Span<double> probabilities = stackalloc double[Width];
        var value = Vector512.Create(logits[id]);
        var sum = 0.0;
        var i = 0;
        for (; i + Width <= logits.Length; i += Width)
        {
            var block = Vector512.Create(logits.Slice(i, Width));
            var counted = Vector512.GreaterThan(block, value).ExtractMostSignificantBits();
            if (i <= id)
                counted |= Vector512.Equals(block, value).ExtractMostSignificantBits() & UpTo(id - i);
            if (counted == 0)
                continue;
            var (low, high) = Vector512.Widen(block);
            Exponential.Exp(low - Vector512.Create(logSum)).CopyTo(probabilities);
            Exponential.Exp(high - Vector512.Create(logSum)).CopyTo(probabilities[(Width / 2)..]);
            for (; counted != 0; counted &= counted - 1)
                sum += Math.Min(1, probabilities[BitOperations.TrailingZeroCount(counted)]);
        }

        for (; i < logits.Length; i++)
        {
            if (i == id || TopSelector.Precedes(logits, i, id))
                sum += Probability(logits[i], logSum);
        }

        return Math.Min(1, sum);
    }

    /// <summary>The probabilities of several tokens, each as <see cref="Probability"/> gives it.</summary>
    /// <param name="logits">The logits.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="logSum">ln of the sum of e^logit over all of them.</param>
    /// <param name="probabilities">Where they are written: as many as there are ids.</param>
    public static void Probabilities(ReadOnlySpan<float> logits, ReadOnlySpan<int> ids, double logSum, Span<double> probabilities)
    {
        probabilities = probabilities[..ids.Length];
        for (var i = 0; i < ids.Length; i++)
            probabilities[i] = logits[ids[i]] - logSum;
        Exponential.Exp(probabilities);
        foreach (ref var probability in probabilities)
            probability = Math.Min(1, probability);
    }

    /// <summary>The probability that belongs to a logit: e^(logit - logSum).</summary>
    public static double Probability(double logit, double logSum) => Math.Min(1, Exponential.Exp(logit - logSum));

    /// <summary>The bits of the lanes up to this one.</summary>
    private static ulong UpTo(int lane) => lane >= Width - 1 ? ulong.MaxValue : (2UL << lane) - 1;

    private static int CountFrom(ReadOnlySpan<float> logits, float value)
    {
        var count = 0;
        var values = Vector512.Create(value);
        for (; logits.Length >= Width; logits = logits[Width..])
            count += BitOperations.PopCount(Vector512.GreaterThanOrEqual(Vector512.Create(logits), values).ExtractMostSignificantBits());
        foreach (var logit in logits)
            count += logit >= value ? 1 : 0;
        return count;
    }

    private static int CountAbove(ReadOnlySpan<float> logits, float value)
    {
        var count = 0;
        var values = Vector512.Create(value);
        for (; logits.Length >= Width; logits = logits[Width..])
            count += BitOperations.PopCount(Vector512.GreaterThan(Vector512.Create(logits), values).ExtractMostSignificantBits());
        foreach (var logit in logits)
            count += logit > value ? 1 : 0;
        return count;
    }
}
