namespace LmPlayground.Models;

/// <summary>A batch that runs its rows one after the other in sessions of their own: for models that gain nothing from more, or cannot do it.</summary>
internal sealed class SessionBatch : IDecoderBatch
{
    private readonly int[] _token = new int[1];
    private List<IDecoderSession> _rows = [];
    private float[][] _logits = [];
    private bool _hasLogits;
    private bool _disposed;

    /// <summary>Forks every session.</summary>
    public SessionBatch(IReadOnlyList<IDecoderSession> sessions)
    {
        if (sessions.Count == 0)
            throw new ArgumentException("There is no session to make a batch of.", nameof(sessions));
        try
        {
            foreach (var session in sessions)
                _rows.Add(session.Fork());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public int LengthOf(int row)
    {
        CheckRow(row);
        return _rows[row].Length;
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tokens.Length != Count)
            throw new ArgumentException($"{Count} rows take {Count} tokens, not {tokens.Length}.", nameof(tokens));
        _hasLogits = false;
        if (_logits.Length < Count)
            Array.Resize(ref _logits, Count);

        var row = 0;
        try
        {
            for (; row < Count; row++)
            {
                _token[0] = tokens[row];
                var last = _rows[row].Forward(_token, cancellationToken).Last;
                if (_logits[row]?.Length != last.Length)
                    _logits[row] = new float[last.Length];
                last.CopyTo(_logits[row]);
            }
        }
        catch
        {
            // Where a call began, every session can go back to.
            while (--row >= 0)
                _rows[row].RewindTo(_rows[row].Length - 1);
            throw;
        }

        _hasLogits = true;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> LogitsOf(int row)
    {
        CheckRow(row);
        return _hasLogits ? _logits[row] : throw new InvalidOperationException("The rows have read nothing yet.");
    }

    /// <inheritdoc/>
    public void Select(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
            throw new ArgumentException("A batch needs at least one row.", nameof(rows));
        foreach (var row in rows)
            CheckRow(row);
        _hasLogits = false;
        List<IDecoderSession> selected = [], forks = [];
        try
        {
            foreach (var row in rows)
            {
                var session = _rows[row];
                if (selected.Contains(session))
                    forks.Add(session = session.Fork());
                selected.Add(session);
            }
        }
        catch
        {
            forks.ForEach(fork => fork.Dispose());
            throw;
        }

        foreach (var session in _rows)
        {
            if (!selected.Contains(session))
                session.Dispose();
        }

        _rows = selected;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _rows.ForEach(row => row.Dispose());
    }

    private void CheckRow(int row)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
    }
}
