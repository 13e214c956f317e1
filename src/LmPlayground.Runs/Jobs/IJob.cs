namespace LmPlayground.Runs.Jobs;

/// <summary>Work of the server, whatever it is. Thread-safe.</summary>
public interface IJob
{
    /// <summary>Whose it is and what for.</summary>
    JobKey Key { get; }

    /// <summary>Where it stands.</summary>
    JobStatus Status { get; }

    /// <summary>Whether it goes on.</summary>
    bool IsActive { get; }

    /// <summary>How long nobody has been watching; zero while somebody does.</summary>
    TimeSpan Unwatched { get; }

    /// <summary>Completes when the work, and that of the job it has replaced, has come to rest, whatever its end; never fails.</summary>
    Task Completion { get; }

    /// <summary>Ends the work; what there is of it stays.</summary>
    void Cancel();

    /// <summary>Calls <paramref name="changed"/> after each change of the snapshot, from any thread; it should return at once. Dispose to stop.</summary>
    IDisposable Subscribe(Action changed);
}

/// <inheritdoc/>
/// <typeparam name="TDetail">What there is of the work.</typeparam>
public interface IJob<TDetail> : IJob
{
    /// <summary>The job as it stands now.</summary>
    JobSnapshot<TDetail> Snapshot { get; }

    /// <summary>What it does: asked for another look at what there is of the work.</summary>
    IJobTask<TDetail> Task { get; }
}
