using System.Collections.Concurrent;
using LmPlayground.Runs.Messages;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Jobs;

/// <summary>Owns every job of the server, whatever its kind. Thread-safe.</summary>
public sealed class JobManager : IAsyncDisposable
{
    private static readonly Message ClosedMessage = Message.Of("server.closing", $"The server is shutting down and begins nothing new. Try again when it is back.");

    private readonly JobRegistry _registry = new();
    private readonly ConcurrentDictionary<JobLane, JobQueue> _queues = [];
    private readonly WatcherList _watchers;
    private readonly JobRunner _runner;
    private readonly JobSweeper _sweeper;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>A manager without jobs, which sweeps by <paramref name="time"/>.</summary>
    public JobManager(JobOptions options, TimeProvider time, ILogger<JobManager> logger)
    {
        (_time, _logger) = (time, logger);
        _watchers = new WatcherList(time, logger);
        _runner = new JobRunner(time, logger);
        _sweeper = new JobSweeper(_registry, options, time, LetGo);
        Memory = new JobMemory(options.MemoryLimit, options.PageMemoryLimit, ForgetOldest);
        Models = Lane("models", options.MaxConcurrent, "The server is busy", options);
        Downloads = Lane("downloads", options.MaxConcurrentDownloads, "Other models are being downloaded", options);
    }

    /// <summary>The lane of all that uses models.</summary>
    public JobLane Models { get; }

    /// <summary>The lane of downloads.</summary>
    public JobLane Downloads { get; }

    /// <summary>The memory of all jobs.</summary>
    public JobMemory Memory { get; }

    /// <summary>
    /// Starts a job. What was under its key is cancelled, and the new one begins when that has come to rest and its turn in the lane has
    /// come. Where the lane's queue is full or the manager drains, the job that is returned has failed and says so.
    /// </summary>
    /// <param name="key">Whose it is and what for.</param>
    /// <param name="task">What it does. The manager disposes it, whatever becomes of it.</param>
    /// <param name="start">Its lane and lifetime, and what it has to do with the job before it.</param>
    public IJob<TDetail> Start<TDetail>(JobKey key, IJobTask<TDetail> task, JobStart start)
    {
        var job = new Job<TDetail>(key, task, start, Memory.Open(key.Owner), _time, _logger);
        var present = _registry.Add(job, start.JoinsActive, out var earlier);
        if (present != job)
        {
            // Nothing was begun: what is returned is the active job that was joined, or the refusal.
            if (present is null)
                _runner.Refuse(job, ClosedMessage);
            job.Complete();
            job.Dispose();
            return present as Job<TDetail> ?? job;
        }

        // The earlier one leaves its queue before the new one enters: it may have had the last place.
        earlier?.Cancel();
        var ticket = Enter(job, start.Lane);
        _ = Task.Run(() => RunAsync(job, ticket, earlier, isContinued: ReferenceEquals(earlier, start.Continues)));
        _watchers.Notify();
        return job;
    }

    /// <summary>The job under a key; null when there is none or it is forgotten.</summary>
    public IJob? Find(JobKey key) => _registry.Find(key);

    /// <summary>All jobs that are not forgotten, in the order in which they were started; those of one owner or lifetime if so asked.</summary>
    public IReadOnlyList<IJob> List(string? owner = null, JobLifetime? lifetime = null) =>
        [.. _registry.All.Where(job => (owner is null || job.Key.Owner == owner) && (lifetime is null || job.Lifetime == lifetime))];

    /// <summary>Calls <paramref name="changed"/> after each change of <see cref="List"/>, from any thread; it should return at once. Dispose to stop.</summary>
    public IDisposable Subscribe(Action changed) => _watchers.Add(changed);

    /// <summary>Forgets a job that has ended; false when there is none under the key or it goes on.</summary>
    public bool Forget(JobKey key)
    {
        if (_registry.Find(key) is not { IsActive: false } job || !_registry.Remove(job))
            return false;
        LetGo([job]);
        return true;
    }

    /// <summary>Cancels jobs that nobody watches, and forgets ended ones that nobody comes back for; done now and then by itself.</summary>
    public void Sweep() => _sweeper.Sweep();

    /// <summary>Takes no more jobs, cancels all there are, and waits until they have come to rest.</summary>
    /// <exception cref="OperationCanceledException">The token has ended the waiting.</exception>
    public Task DrainAsync(CancellationToken cancellationToken = default)
    {
        var jobs = _registry.Close();
        foreach (var job in jobs)
            job.Cancel();
        return Task.WhenAll(jobs.Select(job => job.Completion)).WaitAsync(cancellationToken);
    }

    /// <summary>Ends what <see cref="DrainAsync"/> ends, and lets go of each job as soon as it rests, for which it does not wait.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync();
        foreach (var job in _registry.Close())
        {
            job.Cancel();
            if (_registry.Remove(job))
                Release(job);
        }
    }

    private static JobLane Lane(string name, int maxConcurrent, string busy, JobOptions options) =>
        new(name, maxConcurrent, options.MaxQueued, options.MaxQueuedPerClient, busy);

    /// <summary>Lets go of what a forgotten or replaced job holds, when it has come to rest.</summary>
    private static void Release(Job job)
    {
        if (job.Completion.IsCompleted)
            job.Dispose();
        else
            _ = job.Completion.ContinueWith(_ => job.Dispose(), TaskScheduler.Default);
    }

    /// <summary>Gives a job its place in its lane's queue; null, and it has failed in words, where there is none for it.</summary>
    private JobQueue.Ticket? Enter<TDetail>(Job<TDetail> job, JobLane lane)
    {
        var ticket = QueueOf(lane).Enter(job, out var refusal);
        if (ticket is null)
            _runner.Refuse(job, refusal!);
        else
            job.Enter(ticket);
        return ticket;
    }

    private JobQueue QueueOf(JobLane lane) => _queues.GetOrAdd(lane, static lane => new JobQueue(lane));

    private async Task RunAsync<TDetail>(Job<TDetail> job, JobQueue.Ticket? ticket, Job? earlier, bool isContinued)
    {
        var rest = earlier is null ? Task.CompletedTask : RestAsync(job, earlier, isContinued);
        if (ticket is not null)
            await _runner.RunAsync(job, ticket, rest);
        await rest;
        var isDone = job is { Lifetime: JobLifetime.Server, Status: JobStatus.Finished } && _registry.Remove(job);
        job.Complete();
        if (isDone)
            LetGo([job]);
    }

    /// <summary>Waits for a replaced job; what it holds goes with it, or passes to the job that continues it.</summary>
    private static async Task RestAsync(Job job, Job earlier, bool isContinued)
    {
        await earlier.Completion;
        if (isContinued)
            job.Adopt(earlier);
        else
            earlier.Dispose();
    }

    /// <summary>Makes room in the budget. Watchers of the list are told elsewhere: this is called in the middle of another job.</summary>
    private bool ForgetOldest(string? owner)
    {
        if (_registry.RemoveOldestIdle(owner) is not { } job)
            return false;
        job.Dispose();
        _ = Task.Run(_watchers.Notify);
        return true;
    }

    private void LetGo(IReadOnlyList<Job> forgotten)
    {
        foreach (var job in forgotten)
            Release(job);
        _watchers.Notify();
    }
}
