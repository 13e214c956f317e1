using System.Collections.Immutable;

namespace LmPlayground.Web.Runs;

/// <summary>Work of the server: its state as an immutable snapshot, and those who watch it.</summary>
internal abstract class Job<TSnapshot> : IJob<TSnapshot>, IWatched, IDisposable
    where TSnapshot : class, IJobSnapshot
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TimeProvider _time;
    private ImmutableList<Action> _watchers = [];
    private TSnapshot _snapshot;
    private long _lastWatched;

    private protected Job(TSnapshot snapshot, TimeProvider time)
    {
        _snapshot = snapshot;
        _time = time;
        _lastWatched = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public TSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <inheritdoc/>
    public Task Completion { get; set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public bool IsActive => Snapshot.IsActive;

    /// <inheritdoc/>
    public TimeSpan Unwatched
    {
        get
        {
            lock (Lock)
                return _watchers.IsEmpty ? _time.GetElapsedTime(_lastWatched) : TimeSpan.Zero;
        }
    }

    internal CancellationToken Cancelled => _cancellation.Token;

    /// <summary>Held while the snapshot changes.</summary>
    private protected Lock Lock { get; } = new();

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed)
    {
        lock (Lock)
            _watchers = _watchers.Add(changed);
        return new Subscription(() =>
        {
            lock (Lock)
            {
                _watchers = _watchers.Remove(changed);
                _lastWatched = _time.GetTimestamp();
            }
        });
    }

    /// <inheritdoc cref="IJob{TSnapshot}.Cancel"/>
    public void Cancel()
    {
        // Cancelling runs callbacks of the model's; a disposed job has nothing left to cancel.
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <summary>Changes the snapshot and tells those who watch.</summary>
    internal void Update(Func<TSnapshot, TSnapshot> change)
    {
        ImmutableList<Action> watchers;
        lock (Lock)
        {
            _snapshot = change(_snapshot);
            watchers = _watchers;
        }

        foreach (var watcher in watchers)
            watcher();
    }

    /// <summary>Lets go of what the work has left.</summary>
    public virtual void Dispose() => _cancellation.Dispose();

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
