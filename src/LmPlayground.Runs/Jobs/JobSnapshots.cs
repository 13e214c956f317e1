using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace LmPlayground.Runs.Jobs;

/// <summary>Jobs as streams.</summary>
public static class JobSnapshots
{
    /// <summary>
    /// The snapshot as it stands, and again each time it has changed since it was last taken; the last one is the final one. Whoever takes
    /// slowly misses what was in between. Who enumerates watches; who stops early leaves the job running.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has ended the enumeration, not the job.</exception>
    public static async IAsyncEnumerable<JobSnapshot<TDetail>> SnapshotsAsync<TDetail>(
        this IJob<TDetail> job, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var subscription = job.Subscribe(() => changes.Writer.TryWrite(true));
        JobSnapshot<TDetail>? taken = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var snapshot = job.Snapshot;
            if (!ReferenceEquals(snapshot, taken))
                yield return taken = snapshot;
            if (!snapshot.IsActive)
                yield break;
            await changes.Reader.ReadAsync(cancellationToken);
        }
    }
}
