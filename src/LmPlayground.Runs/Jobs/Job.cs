using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Jobs;

/// <summary>A job without its detail: who watches it, what ends it, and what it holds.</summary>
internal abstract partial class Job : IJob, IQueued, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryAccount _account;
    private readonly ILogger _logger;
    private JobQueue.Ticket? _ticket;
    private ImmutableList<IDisposable>? _holdings;

    private protected Job(JobKey key, JobStart start, IDisposable task, MemoryAccount account, TimeProvider time, ILogger logger)
    {
        (Key, Lifetime, Client, _account, _logger) = (key, start.Lifetime, start.Client ?? key.Owner, account, logger);
        _holdings = [task, account];
        Cancelled = _cancellation.Token;
        Watchers = new WatcherList(time, logger);
    }

    /// <inheritdoc/>
    public JobKey Key { get; }

    /// <inheritdoc/>
    public abstract JobStatus Status { get; }

    /// <inheritdoc/>
    public bool IsActive => Status is not (JobStatus.Finished or JobStatus.Failed);

    /// <inheritdoc/>
    public TimeSpan Unwatched => Watchers.Unwatched;

    /// <inheritdoc/>
    public Task Completion => _completion.Task;

    /// <inheritdoc/>
    public string Page => Key.Owner;

    /// <inheritdoc/>
    public string Client { get; }

    internal JobLifetime Lifetime { get; }

    internal CancellationToken Cancelled { get; }

    /// <summary>What it keeps of the memory budget, with what it has taken over, in bytes.</summary>
    internal long Accounted => Volatile.Read(ref _holdings)?.OfType<MemoryAccount>().Sum(account => account.Bytes) ?? 0;

    private protected WatcherList Watchers { get; }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed) => Watchers.Add(changed);

    /// <inheritdoc/>
    public void Cancel()
    {
        if (Completion.IsCompleted)
            return;
        _ = SignalAsync();
        Volatile.Read(ref _ticket)?.GiveUp();
    }

    /// <inheritdoc/>
    public abstract void Place(int position);

    /// <inheritdoc/>
    public void Notify() => Watchers.Notify();

    /// <summary>Lets go of all that the job holds, once. Only after <see cref="Completion"/>.</summary>
    public void Dispose()
    {
        foreach (var holding in Take())
        {
            try
            {
                holding.Dispose();
            }
            catch (Exception exception)
            {
                LogNotReleased(_logger, exception);
            }
        }

        _cancellation.Dispose();
    }

    /// <summary>Notes its place in the queue, which it leaves as soon as it is cancelled.</summary>
    internal void Enter(JobQueue.Ticket ticket)
    {
        Interlocked.Exchange(ref _ticket, ticket);
        if (Cancelled.IsCancellationRequested)
            ticket.GiveUp();
    }

    internal void Account(long bytes) => _account.Add(bytes);

    /// <summary>Takes over what an earlier job holds, to let go of it together with its own.</summary>
    internal void Adopt(Job earlier)
    {
        var taken = earlier.Take();
        ImmutableInterlocked.Update(ref _holdings, static (own, taken) => own!.AddRange(taken), taken);
    }

    internal void Complete() => _completion.SetResult();

    private ImmutableList<IDisposable> Take() => Interlocked.Exchange(ref _holdings, null) ?? [];

    /// <summary>Tells the task. What it does then runs elsewhere: whoever cancels neither waits for it nor sees it fail.</summary>
    private async Task SignalAsync()
    {
        try
        {
            await _cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended and is forgotten.
        }
        catch (Exception exception)
        {
            LogNotCancelled(_logger, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "A job has failed to let go of what it held")]
    private static partial void LogNotReleased(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "What a job does when it is cancelled threw an exception")]
    private static partial void LogNotCancelled(ILogger logger, Exception exception);
}
