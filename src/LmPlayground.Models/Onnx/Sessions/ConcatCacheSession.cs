namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// A sequence whose cache comes back longer from every run. Two blocks take turns: the run reads one and writes the other,
/// so that a run that fails leaves the past as it was.
/// </summary>
internal unsafe class ConcatCacheSession : TransformerSession
{
    private const int LeastCapacity = 64;

    private CacheMemory _past;
    private CacheMemory _present;

    /// <summary>Starts empty.</summary>
    public ConcatCacheSession(OnnxDecoder decoder)
        : base(decoder)
    {
        _past = new CacheMemory(Graph.Caches, LeastCapacity);
        _present = new CacheMemory(Graph.Caches, LeastCapacity);
    }

    /// <summary>The cache of the <see cref="OnnxSession.Length"/> positions that were read, which lie close together.</summary>
    internal CacheMemory Cache => _past;

    /// <summary>Whether the next run's graph takes a past.</summary>
    protected virtual bool ReadsPast => true;

    protected override void PrepareCache(int count)
    {
        var total = Length + count;
        if (_present.Capacity < total)
        {
            CacheMemory larger = new(Graph.Caches, CacheMemory.CapacityFor(total, LeastCapacity, ContextLength));
            _present.Dispose();
            _present = larger;
        }

        if (Mask is not null)
        {
            var known = Mask.Capacity;
            if (Mask.Grow(_present.Capacity))
                Mask.Fill(known, Mask.Capacity - known, 1);
            Binding.Input(Mask.Tensor, Mask.Pointer, 1, total);
        }

        var past = _past.Addresses;
        var present = _present.Addresses;
        Span<long> shape = stackalloc long[4];
        foreach (var cache in Graph.Caches)
        {
            var used = shape[..cache.Rank];
            cache.ShapeFor(Length, used);
            var address = past.Next();
            if (ReadsPast)
                Binding.Input(cache.Past, address, used);
            cache.ShapeFor(total, used);
            Binding.Output(cache.Present, present.Next(), used);
        }
    }

    protected override void KeepCache(int count) => (_past, _present) = (_present, _past);

    protected override void DropCache(int count)
    {
        // The past was only read.
    }

    protected override void Rewind(int length) => _past.Truncate(Length, length);

    protected override void CopyTo(OnnxSession empty)
    {
        var fork = (ConcatCacheSession)empty;
        CacheMemory copy = new(Graph.Caches, _past.Capacity);
        _past.CopyTo(copy, Length, Length, Length);
        fork._past.Dispose();
        fork._past = copy;
    }

    protected override void Free()
    {
        base.Free();
        _past.Dispose();
        _present.Dispose();
    }
}
