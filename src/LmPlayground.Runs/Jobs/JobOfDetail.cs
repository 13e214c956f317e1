using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Jobs;

/// <summary>A job with its snapshot.</summary>
internal sealed class Job<TDetail> : Job, IJob<TDetail>
{
    private readonly Lock _lock = new();
    private JobSnapshot<TDetail> _snapshot;

    internal Job(JobKey key, IJobTask<TDetail> task, JobStart start, MemoryAccount account, TimeProvider time, ILogger logger)
        : base(key, start, task, account, time, logger)
    {
        Task = task;
        _snapshot = new JobSnapshot<TDetail> { Detail = task.Initial };
    }

    /// <inheritdoc/>
    public JobSnapshot<TDetail> Snapshot => Volatile.Read(ref _snapshot);

    /// <inheritdoc/>
    public override JobStatus Status => Snapshot.Status;

    /// <inheritdoc/>
    public IJobTask<TDetail> Task { get; }

    /// <inheritdoc/>
    public override void Place(int position) => Write(snapshot => snapshot with { QueuePosition = position });

    /// <summary>Writes what the runner knows, and tells those who watch. An ended job stays as it is.</summary>
    internal void Change(Func<JobSnapshot<TDetail>, JobSnapshot<TDetail>> change)
    {
        if (Write(change))
            Notify();
    }

    /// <summary>Writes what the task says.</summary>
    internal void Report(Func<JobSnapshot<TDetail>, JobSnapshot<TDetail>> change) => Change(snapshot =>
    {
        var changed = change(snapshot);
        if (changed.Status != snapshot.Status && changed.Status is JobStatus.Queued or JobStatus.Finished or JobStatus.Failed
            || changed.QueuePosition != snapshot.QueuePosition || changed.Error != snapshot.Error)
            throw new ArgumentException("A task does not write its job's end, place or error.", nameof(change));
        return changed;
    });

    private bool Write(Func<JobSnapshot<TDetail>, JobSnapshot<TDetail>> change)
    {
        lock (_lock)
        {
            if (!_snapshot.IsActive)
                return false;
            _snapshot = change(_snapshot);
            return true;
        }
    }
}
