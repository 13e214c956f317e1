namespace LmPlayground.Sampling.Tests.Support;

/// <summary>The rules again, slowly and by the letter: full sorts, decimal-free double arithmetic, one list of (id, logit).</summary>
public static class ReferenceSampler
{
    public static List<(int Id, double Logit)> Start(float[] logits) =>
        [.. logits.Select((logit, id) => (Id: id, Logit: (double)logit)).Where(token => !double.IsNegativeInfinity(token.Logit))];

    public static List<(int Id, double Logit)> Sorted(IEnumerable<(int Id, double Logit)> tokens) =>
        [.. tokens.OrderByDescending(token => token.Logit).ThenBy(token => token.Id)];

    public static double[] Probabilities(List<(int Id, double Logit)> tokens)
    {
        var max = tokens.Max(token => token.Logit);
        var weights = tokens.Select(token => Math.Exp(token.Logit - max)).ToArray();
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    public static double EntropyInBits(List<(int Id, double Logit)> tokens) =>
        -Probabilities(tokens).Where(p => p > 0).Sum(p => p * Math.Log2(p));

    public static List<(int Id, double Logit)> Temperature(List<(int Id, double Logit)> tokens, double t) =>
        t == 0 ? [Sorted(tokens)[0]] : [.. tokens.Select(token => (token.Id, token.Logit / t))];

    public static List<(int Id, double Logit)> TopK(List<(int Id, double Logit)> tokens, int k)
    {
        if (k == 0 || k >= tokens.Count)
            return tokens;
        var least = Sorted(tokens)[k - 1].Logit;
        return [.. tokens.Where(token => token.Logit >= least)];
    }

    public static List<(int Id, double Logit)> TopP(List<(int Id, double Logit)> tokens, double p)
    {
        if (p >= 1)
            return tokens;
        var sorted = Sorted(tokens);
        var probabilities = Probabilities(sorted);
        var kept = new List<(int, double)> { sorted[0] };
        var before = probabilities[0];
        for (var i = 1; i < sorted.Count && before < p; i++)
        {
            kept.Add(sorted[i]);
            before += probabilities[i];
        }

        return kept;
    }
}
