using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Stages;

/// <summary>The two formulas of mirostat 1: how steeply probabilities fall with rank, and how many tokens then give a surprise.</summary>
internal static class ZipfLaw
{
    private const int Fitted = 100;

    /// <summary>
    /// s = sum(t b) / sum(t^2) over the first hundred tokens, with t_i = ln((i + 2) / (i + 1)) and b_i = ln(p_i / p_(i+1)):
    /// the least-squares slope of log probability against log rank.
    /// </summary>
    internal static double Exponent(CandidateSet candidates)
    {
        var best = candidates.Best(Fitted);
        double numerator = 0, denominator = 0;
        for (var i = 0; i + 1 < best.Length; i++)
        {
            var t = Exponential.Log((i + 2.0) / (i + 1.0));
            numerator += t * candidates.Difference(best[i], best[i + 1]);
            denominator += t * t;
        }

        return numerator / denominator;
    }

    /// <summary>ln k, for the k tokens whose mean surprise is mu bits: k = (e 2^mu / (1 - V^-e))^(1/s) with e = s - 1.</summary>
    /// <returns>Any number, or an infinity where k has none: every token for +infinity, the first alone for -infinity.</returns>
    internal static double LogOfKept(double s, double mu, int vocabularySize)
    {
        if (!double.IsFinite(s))
            return double.NegativeInfinity;
        var logV = Exponential.Log(vocabularySize);
        var e = s - 1;
        var size = Math.Abs(e);
        var logBase = mu * Exponential.Ln2;

        // e / (1 - V^-e) tends to 1 / ln V for s = 1; for e < 0 it is |e| V^-|e| / (1 - V^-|e|).
        if (size < 1e-6)
            logBase -= Exponential.Log(logV);
        else
            logBase += Exponential.Log(size) - Exponential.Log(1 - Exponential.Exp(-size * logV)) - (e < 0 ? size * logV : 0);

        // Equal probabilities have s = 0: any base above 1 then gives every token.
        return s > 0 ? logBase / s : logBase >= 0 ? double.PositiveInfinity : double.NegativeInfinity;
    }
}
