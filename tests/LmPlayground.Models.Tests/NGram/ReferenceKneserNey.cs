namespace LmPlayground.Models.Tests.NGram;

/// <summary>Interpolated modified Kneser-Ney by its formulas, with dictionaries and recursion: slow, and independent of what it tests.</summary>
internal sealed class ReferenceKneserNey
{
    private readonly int _order;
    private readonly HashSet<string> _removed;
    private readonly HashSet<int> _tokens;
    private readonly Dictionary<string, int>[] _adjusted;
    private readonly double[][] _discounts;
    private readonly Dictionary<string, (double Sum, double Left)>[] _contexts;

    /// <param name="documents">With their begin and end tokens.</param>
    /// <param name="order">The length of the longest n-grams.</param>
    /// <param name="begin">The begin token of the documents, if they have one.</param>
    /// <param name="tokens">The ids that are tokens.</param>
    /// <param name="removed">Keys of n-grams that the model does not have.</param>
    public ReferenceKneserNey(IReadOnlyList<int[]> documents, int order, int? begin, IEnumerable<int> tokens, HashSet<string>? removed = null)
    {
        _order = order;
        _removed = removed ?? [];
        _tokens = [.. tokens];
        var occurrences = new Dictionary<string, int>[order + 1];
        var bare = new HashSet<string>[order + 1];
        for (var n = 1; n <= order; n++)
        {
            (occurrences[n], bare[n]) = ([], []);
            foreach (var document in documents)
            {
                for (var i = 0; i + n <= document.Length; i++)
                {
                    if (n == 1 && i == 0 && begin is not null)
                        continue;
                    var key = Key(document.AsSpan(i, n));
                    occurrences[n][key] = occurrences[n].GetValueOrDefault(key) + 1;
                    if (i == 0 && begin is null)
                        bare[n].Add(key);
                }
            }
        }

        _adjusted = new Dictionary<string, int>[order + 1];
        _adjusted[order] = occurrences[order];
        for (var n = order - 1; n >= 1; n--)
        {
            _adjusted[n] = [];
            foreach (var (key, count) in _adjusted[n + 1])
                Add(n, key[(key.IndexOf(' ', StringComparison.Ordinal) + 1)..], _removed.Contains(key) ? count : 1);
            foreach (var key in bare[n])
                Add(n, key, 1);
            foreach (var (key, count) in occurrences[n].Where(pair => n > 1 && begin is not null && pair.Key.StartsWith($"{begin} ", StringComparison.Ordinal)))
                _adjusted[n][key] = count;
        }

        _discounts = [.. _adjusted.Select(level => level is null ? [] : Discounts(level))];
        _contexts = new Dictionary<string, (double, double)>[order + 1];
        for (var n = 1; n <= order; n++)
        {
            _contexts[n] = [];
            foreach (var (key, count) in _adjusted[n])
            {
                var context = n == 1 ? "" : key[..key.LastIndexOf(' ')];
                var (sum, left) = _contexts[n].GetValueOrDefault(context);
                _contexts[n][context] = (sum + count, left + (_removed.Contains(key) ? count : _discounts[n][Math.Min(count, 3)]));
            }
        }
    }

    public static string Key(ReadOnlySpan<int> tokens) => string.Join(' ', tokens.ToArray());

    public double Probability(ReadOnlySpan<int> history, int token)
    {
        var context = history[^Math.Min(_order - 1, history.Length)..];
        if (!_tokens.Contains(token))
            return 0;
        var key = Key([.. context, token]);
        var n = context.Length + 1;
        var shorter = n == 1 ? 1.0 / _tokens.Count : Probability(context[1..], token);
        if (!_contexts[n].TryGetValue(Key(context), out var totals))
            return shorter;
        var count = _removed.Contains(key) ? 0 : _adjusted[n].GetValueOrDefault(key);
        return (count - _discounts[n][Math.Min(count, 3)] + totals.Left * shorter) / totals.Sum;
    }

    private static double[] Discounts(Dictionary<string, int> counts)
    {
        double n1 = counts.Values.Count(c => c == 1), n2 = counts.Values.Count(c => c == 2);
        double n3 = counts.Values.Count(c => c == 3), n4 = counts.Values.Count(c => c == 4);
        if (n1 == 0 || n2 == 0 || n3 == 0 || n4 == 0)
            return [0, 0.5, 1, 1.5];
        var y = n1 / (n1 + 2 * n2);
        double[] d = [0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3];
        return Enumerable.Range(1, 3).All(i => d[i] > 0 && d[i] < i) ? d : [0, 0.5, 1, 1.5];
    }

    private void Add(int n, string key, int count) => _adjusted[n][key] = _adjusted[n].GetValueOrDefault(key) + count;
}
