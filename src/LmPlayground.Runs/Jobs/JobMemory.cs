using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Jobs;

/// <summary>
/// The memory of all jobs together, in bytes: what they have accounted, and in what that leaves the memory that can be computed again.
/// Where the accounts alone come to a limit (that of their page, or the one of all), finished jobs that nobody watches are forgotten; where
/// there are none, whoever asks for more gets an error, and nobody else is disturbed. Thread-safe.
/// </summary>
public sealed class JobMemory
{
    private readonly Lock _making = new();
    private readonly Lock _telling = new();
    private readonly Dictionary<string, (MemoryPool Pool, int Accounts)> _pages = [];
    private readonly Func<string?, bool> _forget;
    private readonly MemoryPool _all;
    private readonly long _limitOfPage;
    private ImmutableArray<IReclaimable> _reclaimables = [];

    /// <summary>An empty budget.</summary>
    /// <param name="limit">Of all jobs, in bytes.</param>
    /// <param name="limitOfPage">Of the jobs of one owner, in bytes.</param>
    /// <param name="forget">Gives back the account of one job (of an owner, where one is named) that can be forgotten; false when there is none.</param>
    internal JobMemory(long limit, long limitOfPage, Func<string?, bool> forget) =>
        (_all, _limitOfPage, _forget) = (new MemoryPool(limit), limitOfPage, forget);

    /// <summary>How much there is, in bytes.</summary>
    public long Limit => _all.Limit;

    /// <summary>How much jobs have accounted, in bytes: at most <see cref="Limit"/>.</summary>
    public long Used => _all.Used;

    /// <summary>Shares what jobs leave, in equal parts with all others that are registered, until what is returned is disposed.</summary>
    public IDisposable Register(IReclaimable reclaimable)
    {
        ImmutableInterlocked.Update(ref _reclaimables, static (all, one) => all.Add(one), reclaimable);
        Tell();
        return new Registration(this, reclaimable);
    }

    /// <summary>Opens the account of a job of an owner.</summary>
    internal MemoryAccount Open(string owner)
    {
        lock (_pages)
        {
            var page = _pages.GetValueOrDefault(owner, (new MemoryPool(_limitOfPage), 0));
            _pages[owner] = (page.Item1, page.Item2 + 1);
            return new MemoryAccount(this, owner, page.Item1);
        }
    }

    /// <summary>Takes from the budget, making room if need be.</summary>
    /// <exception cref="MemoryLimitException">There is no room.</exception>
    internal void Take(MemoryAccount account, long bytes)
    {
        Take(account.Page, bytes, account.Owner);
        try
        {
            Take(_all, bytes, null);
        }
        catch (MemoryLimitException)
        {
            account.Page.Return(bytes);
            throw;
        }

        Tell();
    }

    internal void Return(MemoryAccount account, long bytes)
    {
        account.Page.Return(bytes);
        _all.Return(bytes);
        Tell();
    }

    /// <summary>Notes that an account of an owner is closed. What it has taken must have been returned.</summary>
    internal void Close(MemoryAccount account)
    {
        lock (_pages)
        {
            var (pool, accounts) = _pages[account.Owner];
            if (accounts == 1)
                _pages.Remove(account.Owner);
            else
                _pages[account.Owner] = (pool, accounts - 1);
        }
    }

    private void Take(MemoryPool pool, long bytes, string? owner)
    {
        if (pool.TryTake(bytes))
            return;

        // One at a time: what one forgets for itself is not missed by another, which would find nothing to forget and give up.
        lock (_making)
        {
            while (!pool.TryTake(bytes))
            {
                if (!_forget(owner))
                    throw new MemoryLimitException(owner is null ? FullMessage : PageFullMessage);
            }
        }
    }

    private Message FullMessage => Message.Of(
        "memory.full",
        $"The server's memory for runs ({Megabytes(Limit)} in all) is full, so this one ends here; what there is of it stays. Ask for fewer tokens, or try again when other pages have been closed.");

    private Message PageFullMessage => Message.Of(
        "memory.page_full",
        $"One page's runs and comparisons may keep {Megabytes(_limitOfPage)} on this server, so this one ends here; what there is of it stays. Ask for fewer tokens or columns.");

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):#,0.#} MB");

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
