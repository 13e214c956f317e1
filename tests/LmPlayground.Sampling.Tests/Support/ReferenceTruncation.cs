using Tokens = System.Collections.Generic.List<(int Id, double Logit)>;

namespace LmPlayground.Sampling.Tests.Support;

/// <summary>The truncation rules again, by the letter: full sorts over lists of (id, logit).</summary>
public static class ReferenceTruncation
{
    public static Bounds MinP(Tokens tokens, double share)
    {
        var max = tokens.Max(token => token.Logit);
        return WithMaxima(tokens, token => token.Logit - max - Math.Log(share));
    }

    public static Bounds Epsilon(Tokens tokens, double epsilon) => Probable(tokens, epsilon);

    public static Bounds Eta(Tokens tokens, double epsilon)
    {
        var entropy = ReferenceSampler.EntropyInBits(tokens) * Math.Log(2);
        return Probable(tokens, Math.Min(epsilon, Math.Sqrt(epsilon) * Math.Exp(-entropy)));
    }

    public static Bounds MirostatV2(Tokens tokens, double mu) => Probable(tokens, Math.Pow(2, -mu));

    public static Bounds TopNSigma(Tokens tokens, double n)
    {
        var mean = tokens.Average(token => token.Logit);
        var sigma = Math.Sqrt(tokens.Average(token => (token.Logit - mean) * (token.Logit - mean)));
        var max = tokens.Max(token => token.Logit);
        var size = tokens.Max(token => Math.Abs(token.Logit)) + double.Epsilon;
        return WithMaxima(tokens, token => (token.Logit - (max - n * sigma)) / size);
    }

    public static Bounds TypicalP(Tokens tokens, double mass)
    {
        var p = ReferenceSampler.Probabilities(tokens);
        var entropy = -p.Where(x => x > 0).Sum(x => x * Math.Log(x));
        var max = tokens.Max(token => token.Logit);
        var logZ = Math.Log(tokens.Sum(token => Math.Exp(token.Logit - max)));
        var sorted = tokens
            .Select((token, i) => (token.Id, P: p[i], Distance: Math.Abs(logZ - (token.Logit - max) - entropy)))
            .OrderBy(token => token.Distance).ToList();
        double Crossing(double target)
        {
            var sum = 0.0;
            foreach (var token in sorted)
            {
                sum += token.P;
                if (sum >= target)
                    return token.Distance;
            }

            return sorted.Last(token => token.P > 0).Distance;
        }

        var least = Crossing(mass - Bounds.Tolerance);
        var most = Crossing(mass + Bounds.Tolerance);
        return new(
            [.. sorted.Where(token => token.Distance < least - 1e-9).Select(token => token.Id)],
            [.. sorted.Where(token => token.Distance <= most + 1e-9).Select(token => token.Id)]);
    }

    public static Bounds TailFree(Tokens tokens, double z)
    {
        var sorted = ReferenceSampler.Sorted(tokens);
        var p = ReferenceSampler.Probabilities(sorted);
        if (p.Length < 3)
            return Head(sorted, p.Length, p.Length);
        var first = p.Zip(p.Skip(1), (a, b) => a - b).ToArray();
        var second = first.Zip(first.Skip(1), (a, b) => Math.Abs(a - b)).ToArray();
        var total = second.Sum();
        if (total == 0)
            return Head(sorted, p.Length, p.Length);
        int Cut(double limit)
        {
            var sum = 0.0;
            for (var i = 0; i < second.Length; i++)
            {
                sum += second[i] / total;
                if (sum > limit)
                    return Math.Max(1, i);
            }

            return p.Length;
        }

        return Head(sorted, Cut(z - 1e-9), Cut(z + 1e-9));
    }

    /// <summary>What XTC leaves where it acts.</summary>
    public static int[] Xtc(Tokens tokens, double threshold)
    {
        var sorted = ReferenceSampler.Sorted(tokens);
        var above = ReferenceSampler.Probabilities(sorted).Count(p => p >= threshold);
        return [.. sorted.Skip(Math.Max(0, above - 1)).Select(token => token.Id).Order()];
    }

    private static Bounds Probable(Tokens tokens, double least)
    {
        var max = tokens.Max(token => token.Logit);
        var logZ = Math.Log(tokens.Sum(token => Math.Exp(token.Logit - max)));
        return WithMaxima(tokens, token => token.Logit - max - logZ - Math.Log(least));
    }

    private static Bounds WithMaxima(Tokens tokens, Func<(int Id, double Logit), double> margin)
    {
        var max = tokens.Max(token => token.Logit);
        return Bounds.ByMargin(tokens.Select(token => (token.Id, token.Logit == max ? double.PositiveInfinity : margin(token))));
    }

    private static Bounds Head(Tokens sorted, int least, int most) =>
        new([.. sorted.Take(least).Select(token => token.Id)], [.. sorted.Take(most).Select(token => token.Id)]);
}
