namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// Sequences whose runs write into one buffer of several slots, bound as past and as present. They begin together: shorter ones are padded
/// on the right, where the mask ends (GroupQueryAttention takes each row's length from it, and is silently wrong with padding on the left).
/// </summary>
internal sealed class SharedCacheBatch : TransformerBatch
{
    /// <summary>As in a session, the buffer doubles from here to the context.</summary>
    private const int LeastCapacity = 512;

    private BatchCacheMemory _cache;
    private bool _isCacheBound;

    /// <summary>Copies the caches of <paramref name="sessions"/>.</summary>
    public SharedCacheBatch(OnnxDecoder decoder, IReadOnlyList<SharedCacheSession> sessions)
        : base(decoder, sessions)
    {
        _cache = new BatchCacheMemory(Graph.Caches, Count, CapacityFor(LongestRow + 1));
        for (var slot = 0; slot < Count; slot++)
            _cache.Write(LayoutOf(slot), sessions[slot].Cache, sessions[slot].Cache.Capacity, sessions[slot].Length);
    }

    protected override int PastLength => LongestRow;

    internal override void Drop()
    {
        // What was written behind the end is not attended to, and the next run writes over it.
        for (var slot = 0; slot < Count; slot++)
            Mask?.Fill(slot * _cache.Capacity + Lengths[slot], 1, 0);
    }

    protected override unsafe void Bind(byte* logits)
    {
        base.Bind(logits);
        _isCacheBound = false;
    }

    protected override void PrepareCache()
    {
        var total = LongestRow + 1;
        if (_cache.Capacity < total)
            MoveTo(new BatchCacheMemory(Graph.Caches, _cache.Slots, CapacityFor(total)));
        if (!_isCacheBound)
            BindCache();
        for (var slot = 0; slot < Count; slot++)
            Mask?.Fill(slot * _cache.Capacity + Lengths[slot], 1, 1);
    }

    protected override void KeepTokens()
    {
        // It is where it belongs.
    }

    protected override void ReserveSlots(int count)
    {
        base.ReserveSlots(count);
        if (_cache.Slots < count)
            MoveTo(new BatchCacheMemory(Graph.Caches, count, _cache.Capacity));
    }

    protected override void Copy(int from, int to) => _cache.Copy(LayoutOf(from), _cache, LayoutOf(to), Lengths[from]);

    protected override void OnSelected() => _isCacheBound = false;

    protected override void Free()
    {
        base.Free();
        _cache.Dispose();
    }

    private int CapacityFor(int positions) => CacheMemory.CapacityFor(positions, Math.Min(LeastCapacity, ContextLength), ContextLength);

    private SlotLayout LayoutOf(int slot) => new SlotLayout(slot, _cache.Capacity, 0);

    private void MoveTo(BatchCacheMemory larger)
    {
        for (var slot = 0; slot < Count; slot++)
            _cache.Copy(LayoutOf(slot), larger, new SlotLayout(slot, larger.Capacity, 0), Lengths[slot]);
        _cache.Dispose();
        _cache = larger;
        _isCacheBound = false;
    }

    private unsafe void BindCache()
    {
        if (Mask is not null)
        {
            Mask.Grow(_cache.Slots * _cache.Capacity);
            for (var slot = 0; slot < Count; slot++)
            {
                Mask.Fill(slot * _cache.Capacity, Lengths[slot], 1);
                Mask.Fill(slot * _cache.Capacity + Lengths[slot], _cache.Capacity - Lengths[slot], 0);
            }

            Binding.Input(Mask.Tensor, Mask.Pointer, Count, _cache.Capacity);
        }

        BindCache(_cache, _cache.Capacity, _cache, _cache.Capacity);
        _isCacheBound = true;
    }
}
