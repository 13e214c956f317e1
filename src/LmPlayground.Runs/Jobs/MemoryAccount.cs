namespace LmPlayground.Runs.Jobs;

/// <summary>One job's share of the memory budget; disposing gives it back, once. Thread-safe.</summary>
internal sealed class MemoryAccount(JobMemory budget) : IDisposable
{
    private readonly Lock _lock = new();
    private long _bytes;
    private bool _isClosed;

    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Counts more; nothing once it is closed.</summary>
    /// <exception cref="MemoryLimitException">There is no room.</exception>
    internal void Add(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        budget.Take(bytes);
        lock (_lock)
        {
            if (!_isClosed)
            {
                _bytes += bytes;
                return;
            }
        }

        budget.Return(bytes);
    }

    public void Dispose()
    {
        long bytes;
        lock (_lock)
        {
            _isClosed = true;
            (bytes, _bytes) = (_bytes, 0);
        }

        if (bytes > 0)
            budget.Return(bytes);
    }
}
