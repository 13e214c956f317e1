using LmPlayground.Runs.Jobs;

namespace LmPlayground.Web.State;

/// <summary>Stands between a job, which may change hundreds of times a second, and a page, which paints at most once in 60 ms.</summary>
/// <remarks>
/// A timer with a dirty flag: measuring the time on arrival would strand the last token. The timer stops with the job.
/// Disposing forgets the job and leaves it running.
/// </remarks>
internal sealed class ThrottledSubscription<TDetail>(TimeProvider time, Presence presence, Func<JobSnapshot<TDetail>, Task> flush, Func<Exception, Task> failed) : IDisposable
{
    private readonly LatestTurn _turns = new();

    /// <summary>Follows this job instead of the one before, until it has ended and its last state was flushed.</summary>
    public async void Attach(IJob<TDetail> job)
    {
        var turn = _turns.Begin();
        try
        {
            await FollowAsync(job, turn);
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested)
        {
            // Another job is followed, or the page is gone.
        }
        catch (Exception error)
        {
            await failed(error);
        }
    }

    /// <summary>Follows nothing.</summary>
    public void Dispose() => _turns.Dispose();

    private async Task FollowAsync(IJob<TDetail> job, CancellationToken cancellationToken)
    {
        var dirty = 1;
        using var subscription = presence.Subscribe(job, () => Volatile.Write(ref dirty, 1));
        using var timer = new PeriodicTimer(Throttle.Interval, time);
        do
        {
            if (Interlocked.Exchange(ref dirty, 0) == 0)
                continue;
            // A tick that had come before another job was followed must not paint over that one.
            cancellationToken.ThrowIfCancellationRequested();
            var snapshot = job.Snapshot;
            await flush(snapshot);
            if (!snapshot.IsActive)
                return;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}

/// <summary>How often a page paints.</summary>
internal static class Throttle
{
    /// <summary>The time between two flushes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);
}
