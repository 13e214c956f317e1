namespace LmPlayground.Sampling.History;

/// <summary>For each token that would continue a repetition: the length of the longest end of the text that stood before it earlier.</summary>
/// <remarks>The Z algorithm over the text read backwards: linear in its length. Keeps its buffers: not thread-safe.</remarks>
internal sealed class RepeatedSuffixes
{
    private readonly TokenTable _lengths = new();
    private int[] _z = [];

    /// <summary>The tokens and the lengths, each at least 1 and at most <paramref name="limit"/>.</summary>
    internal TokenTable Find(ReadOnlySpan<int> history, int limit)
    {
        var n = history.Length;
        _lengths.Reset(n);
        if (_z.Length < n)
            _z = new int[Math.Max(n, 2 * _z.Length)];

        // z[i]: how many tokens before history[n - i] equal the last ones of the text.
        int left = 0, right = 0;
        for (var i = 1; i < n; i++)
        {
            var length = i < right ? Math.Min(right - i, _z[i - left]) : 0;
            while (i + length < n && history[n - 1 - length] == history[n - 1 - i - length])
                length++;
            _z[i] = length;
            if (i + length > right)
                (left, right) = (i, i + length);
            if (length == 0)
                continue;
            ref var longest = ref _lengths[history[n - i]];
            longest = Math.Max(longest, Math.Min(length, limit));
        }

        return _lengths;
    }
}
