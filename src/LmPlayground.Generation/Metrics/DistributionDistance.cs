namespace LmPlayground.Generation.Metrics;

/// <summary>How far two distributions over the same vocabulary are apart.</summary>
/// <param name="KullbackLeibler">
/// D(p || q) = sum of p log2(p / q), in bits: 0 or more; infinite where q rules out a token that p does not (Kullback and Leibler 1951).
/// </param>
/// <param name="ReverseKullbackLeibler">D(q || p), in bits: infinite where p rules out a token that q does not.</param>
/// <param name="JensenShannon">The mean divergence of both from their midpoint, in bits: 0 to 1, symmetric (Lin 1991).</param>
/// <param name="TotalVariation">Half the sum of |p - q|: 0 to 1; the greatest difference that any event's probabilities can have.</param>
public readonly record struct DistributionDistance(
    double KullbackLeibler, double ReverseKullbackLeibler, double JensenShannon, double TotalVariation)
{
    /// <summary>The distances between <paramref name="p"/> and <paramref name="q"/>, each of which sums to 1.</summary>
    /// <exception cref="ArgumentException">The two are not over the same number of tokens.</exception>
    public static DistributionDistance Between(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.Length != q.Length)
            throw new ArgumentException($"The distributions are over {p.Length} and {q.Length} tokens.", nameof(q));
        double fromP = 0, fromQ = 0, pFromMiddle = 0, qFromMiddle = 0, difference = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var middle = (p[i] + q[i]) / 2;
            fromP += Term(p[i], q[i]);
            fromQ += Term(q[i], p[i]);
            pFromMiddle += Term(p[i], middle);
            qFromMiddle += Term(q[i], middle);
            difference += Math.Abs(p[i] - q[i]);
        }

        // Rounding may leave a sum a little outside what it can be.
        return new DistributionDistance(
            Math.Max(0, fromP),
            Math.Max(0, fromQ),
            Math.Clamp((pFromMiddle + qFromMiddle) / 2, 0, 1),
            Math.Clamp(difference / 2, 0, 1));
    }

    private static double Term(double p, double q) => p == 0 ? 0 : p * Math.Log2(p / q);
}
