namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// A batch of sequences of different lengths in a model that cannot be padded: those of one length run together, one group after the other.
/// All rows are read in every call, so that a group stays one.
/// </summary>
internal sealed class LengthGroupedBatch : IDecoderBatch
{
    private List<Group> _groups = [];
    private (Group Group, int Row)[] _places;

    /// <summary>Starts a batch for the sessions of each length.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="start">Starts a batch of sessions of one length.</param>
    public LengthGroupedBatch(IReadOnlyList<IDecoderSession> sessions, Func<IReadOnlyList<IDecoderSession>, OnnxBatch> start)
    {
        _places = new (Group, int)[sessions.Count];
        try
        {
            foreach (var rows in Enumerable.Range(0, sessions.Count).GroupBy(i => sessions[i].Length))
            {
                Group group = new(start([.. rows.Select(i => sessions[i])]));
                _groups.Add(group);
                group.Tokens = new int[group.Batch.Count];
                foreach (var (index, row) in rows.Index())
                    _places[row] = (group, index);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Count => _places.Length;

    /// <inheritdoc/>
    public int LengthOf(int row)
    {
        var (group, index) = PlaceOf(row);
        return group.Batch.LengthOf(index);
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        if (tokens.Length != Count)
            throw new ArgumentException($"{Count} rows take {Count} tokens, not {tokens.Length}.", nameof(tokens));
        for (var row = 0; row < Count; row++)
            _places[row].Group.Tokens[_places[row].Row] = tokens[row];
        var done = 0;
        try
        {
            for (; done < _groups.Count; done++)
                _groups[done].Batch.Compute(_groups[done].Tokens, cancellationToken);
        }
        catch
        {
            while (--done >= 0)
                _groups[done].Batch.Drop();
            throw;
        }

        foreach (var group in _groups)
            group.Batch.Keep();
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> LogitsOf(int row)
    {
        var (group, index) = PlaceOf(row);
        return group.Batch.LogitsOf(index);
    }

    /// <inheritdoc/>
    public void Select(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
            throw new ArgumentException("A batch needs at least one row.", nameof(rows));
        (Group Group, int Row)[] places = new (Group, int)[rows.Length];
        Dictionary<Group, List<int>> chosen = [];
        for (var row = 0; row < rows.Length; row++)
        {
            var (group, index) = PlaceOf(rows[row]);
            if (!chosen.TryGetValue(group, out var indices))
                chosen.Add(group, indices = []);
            places[row] = (group, indices.Count);
            indices.Add(index);
        }

        // What may find no memory comes first.
        foreach (var (group, indices) in chosen)
            group.Batch.Reserve(indices.Count);
        foreach (var group in _groups)
        {
            if (!chosen.TryGetValue(group, out var indices))
            {
                group.Batch.Dispose();
                continue;
            }

            group.Batch.Select([.. indices]);
            group.Tokens = new int[indices.Count];
        }

        _groups = [.. chosen.Keys];
        _places = places;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in _groups)
            group.Batch.Dispose();
    }

    private (Group Group, int Row) PlaceOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return _places[row];
    }

    /// <summary>The rows of one length.</summary>
    private sealed class Group(OnnxBatch batch)
    {
        public OnnxBatch Batch { get; } = batch;

        /// <summary>What its rows read next.</summary>
        public int[] Tokens { get; set; } = [];
    }
}
