namespace LmPlayground.Benchmarks.Sampling;

/// <summary>The default chain as one would first write it: what the ratio in the benchmark is against.</summary>
internal static class LinqSampler
{
    internal const double RepetitionPenalty = 1.1;
    internal const double PresencePenalty = 0.1;
    internal const double FrequencyPenalty = 0.1;
    internal const double Temperature = 0.8;
    internal const int TopK = 40;
    internal const double TopP = 0.95;
    internal const double MinP = 0.05;

    internal static int Sample(float[] logits, int[] history, int promptLength, double u)
    {
        var seen = history.ToHashSet();
        var counts = history.Skip(promptLength).CountBy(id => id).ToDictionary();
        var tokens = logits
            .Select((logit, id) => (Id: id, Logit: (double)logit))
            .Select(token => !seen.Contains(token.Id)
                ? token
                : (token.Id, Logit: token.Logit < 0 ? token.Logit * RepetitionPenalty : token.Logit / RepetitionPenalty))
            .Select(token => !counts.TryGetValue(token.Id, out var count)
                ? token
                : (token.Id, Logit: token.Logit - PresencePenalty - FrequencyPenalty * count))
            .Select(token => (token.Id, Logit: token.Logit / Temperature))
            .OrderByDescending(token => token.Logit).ThenBy(token => token.Id)
            .Take(TopK)
            .ToList();

        var max = tokens[0].Logit;
        var sum = tokens.Sum(token => Math.Exp(token.Logit - max));
        var before = 0.0;
        var nucleus = tokens
            .Select(token => (token.Id, P: Math.Exp(token.Logit - max) / sum))
            .TakeWhile(token =>
            {
                var isIn = before < TopP;
                before += token.P;
                return isIn;
            })
            .ToList();
        var kept = nucleus.Where(token => token.P >= MinP * nucleus[0].P).ToList();
        var target = u * kept.Sum(token => token.P);
        return kept.First(token => (target -= token.P) < 0).Id;
    }
}
