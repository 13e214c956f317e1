namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// Sequences whose caches come back longer from every run. They end together: shorter ones are padded on the left, where the mask hides it
/// and positions do not count it. As in a session, two blocks take turns.
/// </summary>
internal sealed class ConcatCacheBatch : TransformerBatch
{
    private const int LeastCapacity = 64;

    private BatchCacheMemory _past;
    private BatchCacheMemory _present;

    /// <summary>How many positions each slot has in <see cref="_past"/>, padding included: the length of the longest.</summary>
    private int _positions;

    /// <summary>Whether the mask was written for rows without padding: ones, whatever its shape.</summary>
    private bool _maskIsOnes;

    /// <summary>Copies the caches of <paramref name="sessions"/>.</summary>
    public ConcatCacheBatch(OnnxDecoder decoder, IReadOnlyList<ConcatCacheSession> sessions)
        : base(decoder, sessions)
    {
        _positions = LongestRow;
        _past = new BatchCacheMemory(Graph.Caches, Count, CapacityFor(_positions + 1));
        _present = new BatchCacheMemory(Graph.Caches, Count, _past.Capacity);
        for (var slot = 0; slot < Count; slot++)
            _past.Write(LayoutOf(slot), sessions[slot].Cache, sessions[slot].Length, sessions[slot].Length);
    }

    protected override int PastLength => _positions;

    protected override unsafe void PrepareCache()
    {
        var total = _positions + 1;
        if (_present.Capacity < total || _present.Slots < Count)
        {
            BatchCacheMemory larger = new(Graph.Caches, _past.Slots, CapacityFor(total));
            _present.Dispose();
            _present = larger;
        }

        if (Mask is not null)
        {
            WriteMask(total);
            Binding.Input(Mask.Tensor, Mask.Pointer, Count, total);
        }

        BindCache(_past, _positions, _present, total);
    }

    protected override void KeepTokens()
    {
        (_past, _present) = (_present, _past);
        _positions++;
    }

    protected override void ReserveSlots(int count)
    {
        base.ReserveSlots(count);
        if (_past.Slots >= count)
            return;
        BatchCacheMemory larger = new(Graph.Caches, count, _past.Capacity);
        for (var slot = 0; slot < Count; slot++)
            _past.Copy(LayoutOf(slot), larger, LayoutOf(slot), Lengths[slot]);
        _past.Dispose();
        _past = larger;
    }

    protected override void Copy(int from, int to) =>
        // With its padding, whose values must stay finite although they are masked: the target's own are.
        _past.Copy(LayoutOf(from), _past, LayoutOf(from) with { Slot = to }, Lengths[from]);

    protected override void OnSelected()
    {
        _maskIsOnes = false;
        var longest = LongestRow;
        if (longest == _positions)
            return;

        // The longest row has gone. Its length must not stay with the others: together with them it would outgrow the context.
        for (var slot = 0; slot < Count; slot++)
            _past.Copy(LayoutOf(slot), _past, new SlotLayout(slot, longest, longest - Lengths[slot]), Lengths[slot]);
        _positions = longest;
    }

    protected override void Free()
    {
        base.Free();
        _past.Dispose();
        _present.Dispose();
    }

    private int CapacityFor(int positions) => CacheMemory.CapacityFor(positions, LeastCapacity, ContextLength);

    private SlotLayout LayoutOf(int slot) => new SlotLayout(slot, _positions, _positions - Lengths[slot]);

    private void WriteMask(int total)
    {
        if (Mask!.Grow(Count * _present.Capacity))
            _maskIsOnes = false;
        if (_maskIsOnes)
            return;
        var padded = false;
        for (var slot = 0; slot < Count; slot++)
        {
            var padding = _positions - Lengths[slot];
            Mask.Fill(slot * total, padding, 0);
            Mask.Fill(slot * total + padding, total - padding, 1);
            padded |= padding > 0;
        }

        if (padded)
            return;
        Mask.Fill(0, Mask.Capacity, 1);
        _maskIsOnes = true;
    }
}
