namespace LmPlayground.Web.Runs;

/// <summary>Work of the server that pages watch. Thread-safe.</summary>
/// <typeparam name="TSnapshot">The work as it stands at one moment: immutable.</typeparam>
public interface IJob<out TSnapshot>
    where TSnapshot : class, IJobSnapshot
{
    /// <summary>The work as it stands now.</summary>
    TSnapshot Snapshot { get; }

    /// <summary>Calls <paramref name="changed"/> after each change of <see cref="Snapshot"/>, from any thread; it must return at once. Dispose to stop.</summary>
    IDisposable Subscribe(Action changed);

    /// <summary>Ends the work; what there is of it stays.</summary>
    void Cancel();
}

/// <summary>What every kind of work has in common at one moment.</summary>
public interface IJobSnapshot
{
    /// <summary>Where the work stands.</summary>
    RunStatus Status { get; }

    /// <summary>How much work is before it in the queue, from 1; 0 when it is not queued.</summary>
    int QueuePosition { get; }

    /// <summary>Whether it goes on.</summary>
    bool IsActive { get; }
}
