namespace LmPlayground.Runs.Jobs;

/// <summary>One job's share of the memory budget; disposing gives it back, once. Thread-safe.</summary>
internal sealed class MemoryAccount(JobMemory budget, string owner, MemoryPool page) : IDisposable
{
    private readonly Lock _lock = new();
    private long _bytes;
    private bool _isClosed;

    /// <summary>Whose it is.</summary>
    internal string Owner => owner;

    /// <summary>What all accounts of the owner share.</summary>
    internal MemoryPool Page => page;

    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Counts more; nothing once it is closed.</summary>
    /// <exception cref="MemoryLimitException">There is no room.</exception>
    internal void Add(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        budget.Take(this, bytes);
        lock (_lock)
        {
            if (!_isClosed)
            {
                _bytes += bytes;
                return;
            }
        }

        budget.Return(this, bytes);
    }

    public void Dispose()
    {
        long bytes;
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            (bytes, _bytes) = (_bytes, 0);
        }

        if (bytes > 0)
            budget.Return(this, bytes);
        budget.Close(this);
    }
}
