using System.Collections.Immutable;
using System.Globalization;

namespace LmPlayground.Runs.Jobs;

/// <summary>
/// The memory of all jobs together, in bytes: what they have accounted, and in what that leaves the memory that can be computed again.
/// Where the accounts alone come to the limit, finished jobs that nobody watches are forgotten; where there are none, whoever asks for more
/// gets an error, and nobody else is disturbed. Thread-safe.
/// </summary>
public sealed class JobMemory
{
    private readonly Lock _making = new();
    private readonly Lock _telling = new();
    private readonly Func<bool> _forget;
    private ImmutableArray<IReclaimable> _reclaimables = [];
    private long _used;

    /// <summary>An empty budget.</summary>
    /// <param name="limit">In bytes.</param>
    /// <param name="forget">Gives back the account of one job that can be forgotten; false when there is none.</param>
    internal JobMemory(long limit, Func<bool> forget) => (Limit, _forget) = (limit, forget);

    /// <summary>How much there is, in bytes.</summary>
    public long Limit { get; }

    /// <summary>How much jobs have accounted, in bytes: at most <see cref="Limit"/>.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Shares what jobs leave, in equal parts with all others that are registered, until what is returned is disposed.</summary>
    public IDisposable Register(IReclaimable reclaimable)
    {
        ImmutableInterlocked.Update(ref _reclaimables, static (all, one) => all.Add(one), reclaimable);
        Tell();
        return new Registration(this, reclaimable);
    }

    internal MemoryAccount Open() => new(this);

    /// <summary>Takes from the budget, making room if need be.</summary>
    /// <exception cref="MemoryLimitException">There is no room.</exception>
    internal void Take(long bytes)
    {
        if (!TryTake(bytes))
        {
            // One at a time: what one forgets for itself is not missed by another, which would find nothing to forget and give up.
            lock (_making)
            {
                while (!TryTake(bytes))
                {
                    if (!_forget())
                        throw new MemoryLimitException(FullMessage);
                }
            }
        }

        Tell();
    }

    internal void Return(long bytes)
    {
        Interlocked.Add(ref _used, -bytes);
        Tell();
    }

    private string FullMessage => string.Create(CultureInfo.InvariantCulture, $"The server's memory for runs ({Limit / (double)(1 << 20):#,0.#} MB in all) is full, so this one ends here; what there is of it stays. Ask for fewer tokens, or try again when other pages have been closed.");

    private bool TryTake(long bytes)
    {
        while (true)
        {
            var used = Used;
            if (bytes > Limit - used)
                return false;
            if (Interlocked.CompareExchange(ref _used, used + bytes, used) == used)
                return true;
        }
    }

    private void Tell()
    {
        if (_reclaimables.IsEmpty)
            return;
        lock (_telling)
        {
            var all = _reclaimables;
            foreach (var reclaimable in all)
                reclaimable.Reclaim((Limit - Used) / all.Length);
        }
    }

    private sealed class Registration(JobMemory budget, IReclaimable reclaimable) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            ImmutableInterlocked.Update(ref budget._reclaimables, static (all, one) => all.Remove(one), reclaimable);
            budget.Tell();
        }
    }
}
