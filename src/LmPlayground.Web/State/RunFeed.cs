using LmPlayground.Web.Runs;

namespace LmPlayground.Web.State;

/// <summary>Stands between a run, which may give hundreds of tokens a second, and a page, which paints at most once in 60 ms.</summary>
/// <remarks>
/// A timer with a dirty flag: measuring the time on arrival would strand the last token. The timer stops with the run.
/// Disposing forgets the run and leaves it running.
/// </remarks>
internal sealed class RunFeed<TSnapshot>(TimeProvider time, Func<TSnapshot, Task> flush) : IDisposable
    where TSnapshot : class, IJobSnapshot
{
    private CancellationTokenSource? _attached;

    /// <summary>Follows this run instead of the one before. The task ends when the run has ended and its last state was flushed.</summary>
    public Task AttachAsync(IJob<TSnapshot> run)
    {
        Dispose();
        _attached = new CancellationTokenSource();
        return FollowAsync(run, _attached.Token);
    }

    /// <summary>Follows nothing.</summary>
    public void Dispose()
    {
        _attached?.Cancel();
        _attached?.Dispose();
        _attached = null;
    }

    private async Task FollowAsync(IJob<TSnapshot> run, CancellationToken cancellationToken)
    {
        var dirty = 1;
        using var subscription = run.Subscribe(() => Volatile.Write(ref dirty, 1));
        using var timer = new PeriodicTimer(RunFeed.Interval, time);
        try
        {
            do
            {
                if (Interlocked.Exchange(ref dirty, 0) == 0)
                    continue;
                var snapshot = run.Snapshot;
                await flush(snapshot);
                if (!snapshot.IsActive)
                    return;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Another run is followed, or the page is gone.
        }
    }
}

/// <summary>How often a page paints.</summary>
internal static class RunFeed
{
    /// <summary>The time between two flushes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);
}
