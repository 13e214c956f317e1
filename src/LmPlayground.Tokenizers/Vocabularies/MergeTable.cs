namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>The merges of byte-pair encoding and the loop that applies them, the earliest learned first, the leftmost among equals.</summary>
/// <remarks>Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units". Immutable and thread-safe.</remarks>
internal sealed class MergeTable
{
    private readonly Dictionary<long, (int Rank, int Id)> _merges;

    /// <summary>Takes the merges in the order of their ranks: left and right id, and the id of both together.</summary>
    public MergeTable(IReadOnlyCollection<(int Left, int Right, int Merged)> merges)
    {
        _merges = new Dictionary<long, (int, int)>(merges.Count);
        var rank = 0;
        foreach (var (left, right, merged) in merges)
            _merges[Key(left, right)] = (rank++, merged);
    }

    /// <summary>Merges in place until no pair is left; time grows as n log n with the number of symbols.</summary>
    public void Apply(List<ModelToken> symbols)
    {
        var count = symbols.Count;
        if (count < 2 || _merges.Count == 0)
            return;
        ModelToken[] tokens = [.. symbols];
        var previous = new int[count];
        var next = new int[count];
        var queue = new PriorityQueue<(int Position, int Left, int Right), long>(count);
        for (var i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1 < count ? i + 1 : -1;
            Offer(i);
        }

        while (queue.TryDequeue(out var pair, out _))
        {
            var left = pair.Position;
            var right = next[left];

            // An entry is stale once either side has been merged into something else.
            if (right < 0 || tokens[left].Id != pair.Left || tokens[right].Id != pair.Right)
                continue;
            tokens[left] = new ModelToken(_merges[Key(pair.Left, pair.Right)].Id, tokens[left].Start, tokens[right].End);
            tokens[right] = new ModelToken(-1, 0, 0);
            next[left] = next[right];
            if (next[right] >= 0)
                previous[next[right]] = left;
            next[right] = -1;
            if (previous[left] >= 0)
                Offer(previous[left]);
            Offer(left);
        }

        symbols.Clear();
        for (var i = 0; i >= 0; i = next[i])
            symbols.Add(tokens[i]);

        void Offer(int position)
        {
            if (next[position] >= 0
                && _merges.TryGetValue(Key(tokens[position].Id, tokens[next[position]].Id), out var merge))
                queue.Enqueue((position, tokens[position].Id, tokens[next[position]].Id), ((long)merge.Rank << 32) | (uint)position);
        }
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
