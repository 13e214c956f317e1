namespace LmPlayground.Runs.Jobs;

/// <summary>A job as its task sees it. Thread-safe.</summary>
/// <typeparam name="TDetail">What there is of the work.</typeparam>
public sealed class JobContext<TDetail>
{
    private readonly Job<TDetail> _job;

    internal JobContext(Job<TDetail> job) => _job = job;

    /// <summary>Tells the task to end.</summary>
    public CancellationToken Cancelled => _job.Cancelled;

    /// <summary>The job as it stands now.</summary>
    public JobSnapshot<TDetail> Snapshot => _job.Snapshot;

    /// <summary>What has been accounted, with what came from the job that this one continues, in bytes.</summary>
    public long Accounted => _job.Accounted;

    /// <summary>Changes the snapshot and tells those who watch. What is said after the job's end is not heard.</summary>
    /// <param name="change">Status (of those in which work goes on), progress and detail; called at once, and must only compute.</param>
    /// <exception cref="ArgumentException">The change ends the job, queues it, or writes its error: returning or throwing does.</exception>
    public void Update(Func<JobSnapshot<TDetail>, JobSnapshot<TDetail>> change) => _job.Report(change);

    /// <summary>Counts what the job keeps from now on. Not to be called within <see cref="Update"/>.</summary>
    /// <param name="bytes">From 0.</param>
    /// <exception cref="MemoryLimitException">There is no room and none can be made. Not to be caught: it ends the job, and says why.</exception>
    public void Account(long bytes) => _job.Account(bytes);
}
