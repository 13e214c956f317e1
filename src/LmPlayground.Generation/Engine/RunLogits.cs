namespace LmPlayground.Generation.Engine;

/// <summary>The logits of one run's steps, as far as the store still has them.</summary>
/// <remarks>Thread-safe: the run adds while others read.</remarks>
internal sealed class RunLogits(LogitsStore store) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<LogitsStore.Slot?> _steps = [];

    /// <summary>Keeps the logits of the next step, if there is room for them; returns where, for runs that have the same step.</summary>
    internal LogitsStore.Slot? Add(ReadOnlySpan<float> logits)
    {
        var slot = store.Add(logits);
        lock (_lock)
            _steps.Add(slot);
        return slot;
    }

    /// <summary>As <see cref="LogitsStore.Borrow"/>.</summary>
    internal IDisposable? Borrow(long bytes) => store.Borrow(bytes);

    /// <summary>Takes the next step's logits from where another run keeps them.</summary>
    internal void Share(LogitsStore.Slot? slot)
    {
        if (slot is not null)
            store.Retain(slot);
        lock (_lock)
            _steps.Add(slot);
    }

    /// <summary>Copies the logits of a step; false if they were let go.</summary>
    internal bool TryCopy(int index, Span<float> destination)
    {
        LogitsStore.Slot? slot;
        lock (_lock)
            slot = index < _steps.Count ? _steps[index] : null;
        return slot is not null && store.TryCopy(slot, destination);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var slot in _steps)
            {
                if (slot is not null)
                    store.Release(slot);
            }

            _steps.Clear();
        }
    }
}
