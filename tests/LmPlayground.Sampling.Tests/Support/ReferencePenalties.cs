namespace LmPlayground.Sampling.Tests.Support;

/// <summary>The rules that look at the tokens so far, by the letter and in quadratic time.</summary>
public static class ReferencePenalties
{
    public static float[] Repetition(float[] logits, int[] history, double penalty, int window) =>
        Each(logits, id => (window == 0 ? history : history.TakeLast(window)).Contains(id), (_, l) => l < 0 ? l * penalty : l / penalty);

    public static float[] Presence(float[] logits, int[] output, double penalty) => Each(logits, output.Contains, (_, l) => l - penalty);

    public static float[] Frequency(float[] logits, int[] output, double penalty) =>
        Each(logits, output.Contains, (id, l) => l - penalty * output.Count(seen => seen == id));

    public static float[] Dry(float[] logits, int[] history, double multiplier, double growth, int allowed, Predicate<int> isBreaker)
    {
        var lengths = new Dictionary<int, int>();
        for (var at = 1; at < history.Length; at++)
        {
            var length = 0;
            while (length < at && history[at - 1 - length] == history[^(1 + length)] && !isBreaker(history[^(1 + length)]))
                length++;
            if (length >= allowed && !isBreaker(history[at]))
                lengths[history[at]] = Math.Max(length, lengths.GetValueOrDefault(history[at]));
        }

        var most = growth > 1 ? Math.Floor(88.7228391 / Math.Log(growth)) : 0;
        return Each(logits, lengths.ContainsKey, (id, l) => l - multiplier * Math.Pow(growth, Math.Min(most, lengths[id] - allowed)));
    }

    public static HashSet<int> NGramBans(int[] history, int n)
    {
        var bans = new HashSet<int>();
        for (var start = 0; start + n <= history.Length; start++)
        {
            if (history.Skip(start).Take(n - 1).SequenceEqual(history.TakeLast(n - 1)))
                bans.Add(history[start + n - 1]);
        }

        return bans;
    }

    private static float[] Each(float[] logits, Func<int, bool> concerns, Func<int, double, double> change) =>
        [.. logits.Select((logit, id) => !float.IsFinite(logit) || !concerns(id)
            ? logit
            : Math.Clamp((float)change(id, logit), -float.MaxValue, float.MaxValue))];
}
