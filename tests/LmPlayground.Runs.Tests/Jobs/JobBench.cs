using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Runs.Tests.Jobs;

/// <summary>A job manager with a clock and a log of its own.</summary>
internal sealed class JobBench : ILogger<JobManager>, IAsyncDisposable
{
    private readonly List<(LogLevel Level, string Text, Exception? Exception)> _log = [];

    internal JobBench(JobOptions? options = null) => Manager = new JobManager(options ?? new JobOptions { MaxConcurrent = 1 }, Time, this);

    internal FakeTimeProvider Time { get; } = new();

    internal JobManager Manager { get; }

    internal IReadOnlyList<(LogLevel Level, string Text, Exception? Exception)> Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    internal static JobKey Key(string owner = "page") => new(owner, "run");

    internal IJob<int> Start(GatedTask task, string owner = "page", IJob? continues = null, bool joins = false) =>
        Manager.Start(Key(owner), task, new JobStart { Lane = Manager.Models, Continues = continues, JoinsActive = joins });

    internal IJob<int> Download(GatedTask task, string name, bool joins = false) =>
        Manager.Start(new JobKey("server", name), task, new JobStart { Lane = Manager.Downloads, Lifetime = JobLifetime.Server, JoinsActive = joins });

    /// <summary>A job that has ended by itself, and what it did.</summary>
    internal async Task<(IJob<int> Job, GatedTask Task)> Ended(string owner, long bytes = 0)
    {
        var task = new GatedTask { Bytes = bytes };
        var job = Start(task, owner);
        await task.Begun.Soon();
        task.End();
        await job.Completion.Soon();
        return (job, task);
    }

    public async ValueTask DisposeAsync() => await Manager.DisposeAsync();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    private void Note(LogLevel level, string text, Exception? exception)
    {
        lock (_log)
            _log.Add((level, text, exception));
    }

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Note(logLevel, formatter(state, exception), exception);
}

/// <summary>A task that goes on until it is let to end, fails as it is told, and counts what happens to it.</summary>
internal sealed class GatedTask : IJobTask<int>
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    internal long Bytes { get; init; }

    public long InitialBytes { get; init; }

    internal bool IgnoresCancellation { get; init; }

    internal bool IsRefused { get; init; }

    internal Action<JobContext<int>>? Work { get; init; }

    internal Task Begun => _begun.Task;

    internal JobContext<int>? Context { get; private set; }

    internal int Disposed => Volatile.Read(ref _disposed);

    public int Initial => 1;

    internal void End() => _end.TrySetResult();

    internal void Fail(Exception exception) => _end.TrySetException(exception);

    public async Task RunAsync(JobContext<int> job)
    {
        Context = job;
        job.Account(Bytes);
        Work?.Invoke(job);
        job.Update(snapshot => snapshot with { Detail = 2 });
        _begun.TrySetResult();
        await _end.Task.WaitAsync(IgnoresCancellation ? CancellationToken.None : job.Cancelled);
    }

    public int AfterCancel(int detail) => -detail;

    public string Describe(int detail) => $"A job ({detail})";

    public Message Explain(Exception exception) => Message.Of("test", $"Explained: {exception.Message}");

    public bool IsRefusal(Exception exception) => IsRefused;

    public void Dispose() => Interlocked.Increment(ref _disposed);
}

internal static class Waiting
{
    /// <summary>Waits for what must come; a test that hangs fails.</summary>
    internal static Task Soon(this Task task) => task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The first snapshot for which a condition holds.</summary>
    internal static async Task<JobSnapshot<TDetail>> Until<TDetail>(this IJob<TDetail> job, Func<JobSnapshot<TDetail>, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var snapshot in job.SnapshotsAsync(limit.Token))
        {
            if (condition(snapshot))
                return snapshot;
        }

        throw new InvalidOperationException("The job has ended without it.");
    }

    /// <summary>The last snapshot, once the work rests.</summary>
    internal static async Task<JobSnapshot<TDetail>> End<TDetail>(this IJob<TDetail> job)
    {
        await job.Completion.Soon();
        return job.Snapshot;
    }
}
