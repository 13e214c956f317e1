using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>What all batches share: checks before a run, the order of the rows, and where their logits lie.</summary>
internal abstract unsafe class OnnxBatch : IDecoderBatch
{
    private readonly GraphRun _run;
    private readonly LogitsMemory _logits;
    private readonly RowSlots _slots;
    private int[] _lengths;
    private float* _rows;
    private bool _isBound;
    private bool _hasLogits;
    private bool _disposed;

    /// <summary>Takes the lengths of the sessions; what they have read is for the derived class to copy.</summary>
    protected OnnxBatch(OnnxDecoder decoder, GraphTensor logits, IReadOnlyList<OnnxSession> sessions)
    {
        Decoder = decoder;
        ContextLength = decoder.ContextLength ?? int.MaxValue;
        _lengths = [.. sessions.Select(s => s.Length)];
        _slots = new RowSlots(sessions.Count);
        Binding = new SessionBinding(decoder.Session);
        _run = new GraphRun();
        _logits = new LogitsMemory(decoder.Buffers, logits, decoder.VocabularySize);
        CheckCount(_logits, sessions.Count);
    }

    /// <inheritdoc/>
    public int Count => _slots.Count;

    protected OnnxDecoder Decoder { get; }

    protected SessionBinding Binding { get; }

    protected int ContextLength { get; }

    /// <summary>How many tokens the row in each slot has read; slots that are not in use may follow.</summary>
    protected ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>How many tokens the longest row has read.</summary>
    protected int LongestRow
    {
        get
        {
            var longest = 0;
            foreach (var length in _lengths.AsSpan(0, Count))
                longest = Math.Max(longest, length);
            return longest;
        }
    }

    /// <inheritdoc/>
    public int LengthOf(int row)
    {
        CheckRow(row);
        return _lengths[_slots[row]];
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        Compute(tokens, cancellationToken);
        Keep();
    }

    /// <summary>The first half of <see cref="Forward"/>: runs the model. <see cref="Keep"/> or <see cref="Drop"/> must follow, unless it throws.</summary>
    internal void Compute(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(tokens);
        cancellationToken.ThrowIfCancellationRequested();
        _hasLogits = false;
        if (!_isBound)
            Bind(_logits.Prepare(Count));
        _isBound = true;
        for (var row = 0; row < Count; row++)
            WriteToken(_slots[row], tokens[row]);
        Prepare();
        try
        {
            _run.Start(Binding, LongestRow, cancellationToken);
        }
        catch
        {
            Drop();
            throw;
        }
    }

    /// <summary>Makes what was computed part of every row.</summary>
    internal void Keep()
    {
        KeepTokens();
        for (var slot = 0; slot < Count; slot++)
            _lengths[slot]++;

        // The rows lie outside the managed heap, and stay where they are until they are prepared anew.
        fixed (float* rows = _logits.View(Count)[0])
            _rows = rows;
        _hasLogits = true;
    }

    /// <summary>Leaves every row as it was before what was computed.</summary>
    internal virtual void Drop()
    {
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> LogitsOf(int row)
    {
        CheckRow(row);
        if (!_hasLogits)
            throw new InvalidOperationException("The rows have read nothing yet.");
        return new ReadOnlySpan<float>(_rows + (long)_slots[row] * Decoder.VocabularySize, Decoder.VocabularySize);
    }

    /// <inheritdoc/>
    public void Select(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
            throw new ArgumentException("A batch needs at least one row.", nameof(rows));
        foreach (var row in rows)
            CheckRow(row);
        Reserve(rows.Length);
        var count = Count;
        if (_lengths.Length < rows.Length)
            Array.Resize(ref _lengths, rows.Length);
        _hasLogits = false;
        foreach (var (from, to) in _slots.Select(rows))
        {
            Copy(from, to);
            _lengths[to] = _lengths[from];
        }

        if (Count != count)
            _isBound = false;
        OnSelected();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Free();
        Binding.Dispose();
        _logits.Dispose();
        _run.Dispose();
    }

    /// <summary>Makes room for <paramref name="count"/> rows; if it throws, the batch is as before.</summary>
    internal void Reserve(int count)
    {
        CheckCount(_logits, count);
        if (count <= Count)
            return;

        // Buffers may move.
        _isBound = false;
        ReserveSlots(count);
    }

    /// <summary>Binds what lies in the same place for as long as there are as many rows.</summary>
    /// <param name="logits">Where the logits go, slot after slot.</param>
    protected abstract void Bind(byte* logits);

    /// <summary>Makes the token of one slot the next that is read.</summary>
    protected abstract void WriteToken(int slot, int token);

    /// <summary>Lays out what the run reads and writes, after the tokens were written.</summary>
    protected abstract void Prepare();

    /// <summary>Makes what the run wrote the state that the next one reads; lengths are still those before it.</summary>
    protected abstract void KeepTokens();

    /// <summary>Makes room for more rows; if it throws, the batch is as before.</summary>
    protected abstract void ReserveSlots(int count);

    /// <summary>Copies what was read from one slot to another.</summary>
    protected abstract void Copy(int from, int to);

    /// <summary>Called after rows were chosen.</summary>
    protected virtual void OnSelected()
    {
    }

    /// <summary>Frees buffers.</summary>
    protected abstract void Free();

    private static void CheckCount(LogitsMemory logits, int count)
    {
        if (count > logits.MaxRows)
            throw new ArgumentException($"{count} rows give more logits than a span can hold; a batch has at most {logits.MaxRows}.");
    }

    private void CheckRow(int row)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
    }

    private void Check(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length != Count)
            throw new ArgumentException($"{Count} rows take {Count} tokens, not {tokens.Length}.", nameof(tokens));
        if (LongestRow == ContextLength)
            throw new ArgumentException($"A row has filled the context of {ContextLength} tokens.", nameof(tokens));
        var vocabulary = Decoder.VocabularySize;
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)vocabulary)
                throw new ArgumentException($"Token id {token} is outside the vocabulary: 0 to {vocabulary - 1}.", nameof(tokens));
        }
    }
}
