namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// A sequence whose runs write into one buffer, bound as past and as present. The mask has the buffer's length and says
/// how many positions count, so that one-token steps bind nothing and a rewind only shortens the mask.
/// </summary>
internal sealed unsafe class SharedCacheSession : TransformerSession
{
    /// <summary>
    /// The buffer doubles from here to the context, which changes no bit of the results. One of full length, committed when
    /// touched, takes as little memory where the system does so page by page; but not with huge pages, nor where every
    /// allocation counts against a limit (377 MB a session for SmolLM2's 8,192 positions).
    /// </summary>
    private const int LeastCapacity = 512;

    private CacheMemory _cache;
    private bool _bound;

    /// <summary>Starts empty.</summary>
    public SharedCacheSession(OnnxDecoder decoder)
        : base(decoder)
    {
        _cache = new CacheMemory(Graph.Caches, CacheMemory.CapacityFor(1, Math.Min(LeastCapacity, ContextLength), ContextLength));
    }

    /// <summary>The cache: the positions that were read, and room for more.</summary>
    internal CacheMemory Cache => _cache;

    protected override void PrepareCache(int count)
    {
        var total = Length + count;
        if (_cache.Capacity < total)
            MoveTo(new CacheMemory(Graph.Caches, CacheMemory.CapacityFor(total, LeastCapacity, ContextLength)));
        if (!_bound)
            BindCache();
        Mask?.Fill(Length, count, 1);
    }

    protected override void KeepCache(int count)
    {
        // It is where it belongs.
    }

    protected override void DropCache(int count) =>
        // What was written behind the end is not attended to, and the next run writes over it.
        Mask?.Fill(Length, count, 0);

    protected override void Rewind(int length) => Mask?.Fill(length, Length - length, 0);

    protected override void CopyTo(OnnxSession empty)
    {
        var fork = (SharedCacheSession)empty;
        CacheMemory copy = new(Graph.Caches, _cache.Capacity);
        _cache.CopyTo(copy, _cache.Capacity, copy.Capacity, Length);
        fork._cache.Dispose();
        fork._cache = copy;
        fork.BindCache();
        fork.Mask?.Fill(0, Length, 1);
    }

    protected override void Free()
    {
        base.Free();
        _cache.Dispose();
    }

    private void MoveTo(CacheMemory larger)
    {
        _cache.CopyTo(larger, _cache.Capacity, larger.Capacity, Length);
        _cache.Dispose();
        _cache = larger;
        _bound = false;
    }

    private void BindCache()
    {
        if (Mask is not null)
        {
            Mask.Grow(_cache.Capacity);
            Binding.Input(Mask.Tensor, Mask.Pointer, 1, _cache.Capacity);
        }

        var addresses = _cache.Addresses;
        Span<long> shape = stackalloc long[4];
        foreach (var cache in Graph.Caches)
        {
            var used = shape[..cache.Rank];
            cache.ShapeFor(_cache.Capacity, used);
            var address = addresses.Next();
            Binding.Input(cache.Past, address, used);
            Binding.Output(cache.Present, address, used);
        }

        _bound = true;
    }
}
