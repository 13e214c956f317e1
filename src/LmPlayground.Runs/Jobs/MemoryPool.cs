namespace LmPlayground.Runs.Jobs;

/// <summary>A number of bytes that may be taken up to a limit. Thread-safe.</summary>
/// <param name="limit">In bytes.</param>
internal sealed class MemoryPool(long limit)
{
    private long _used;

    /// <summary>How much there is, in bytes.</summary>
    internal long Limit => limit;

    /// <summary>How much is taken, in bytes: at most <see cref="Limit"/>.</summary>
    internal long Used => Volatile.Read(ref _used);

    /// <summary>Takes bytes; false, and nothing is taken, where there is no room for them.</summary>
    internal bool TryTake(long bytes)
    {
        while (true)
        {
            var used = Used;
            if (bytes > limit - used)
                return false;
            if (Interlocked.CompareExchange(ref _used, used + bytes, used) == used)
                return true;
        }
    }

    internal void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
