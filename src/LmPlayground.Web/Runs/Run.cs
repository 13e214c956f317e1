using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Sampling;

namespace LmPlayground.Web.Runs;

/// <summary>One run: its state as an immutable snapshot, those who watch it, and the logits behind its steps.</summary>
internal sealed class Run : IRun, IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TimeProvider _time;
    private ImmutableList<Action> _watchers = [];
    private ImmutableList<RunPart> _parts;
    private RunSnapshot _snapshot;
    private long _lastWatched;

    internal Run(RunSnapshot snapshot, ImmutableList<RunPart> continued, TimeProvider time)
    {
        _snapshot = snapshot;
        _parts = continued;
        _time = time;
        _lastWatched = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public RunSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Completes when the run has ended, whatever its end; never fails.</summary>
    internal Task Completion { get; set; } = Task.CompletedTask;

    internal CancellationToken Cancelled => _cancellation.Token;

    internal ImmutableList<RunPart> Parts => Volatile.Read(ref _parts);

    /// <summary>How long nobody has been watching.</summary>
    internal TimeSpan Unwatched
    {
        get
        {
            lock (_lock)
                return _watchers.IsEmpty ? _time.GetElapsedTime(_lastWatched) : TimeSpan.Zero;
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed)
    {
        lock (_lock)
            _watchers = _watchers.Add(changed);
        return new Subscription(() =>
        {
            lock (_lock)
            {
                _watchers = _watchers.Remove(changed);
                _lastWatched = _time.GetTimestamp();
            }
        });
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        // Cancelling runs callbacks of the model's; a disposed run has nothing left to cancel.
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StepOutcome>> CompareAsync(SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var (parts, steps) = Reviewed();
        return Task.Run(() => RunPart.Compare(parts, steps, options, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TokenStep> InspectAsync(int index, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var (parts, steps) = Reviewed();
        return Task.Run(() => RunPart.Inspect(parts, steps, index, options, cancellationToken), cancellationToken);
    }

    internal void AddPart(RunPart part) => ImmutableInterlocked.Update(ref _parts, static (parts, added) => parts.Add(added), part);

    /// <summary>Changes the snapshot and tells those who watch.</summary>
    internal void Update(Func<RunSnapshot, RunSnapshot> change)
    {
        ImmutableList<Action> watchers;
        lock (_lock)
        {
            _snapshot = change(_snapshot);
            watchers = _watchers;
        }

        foreach (var watcher in watchers)
            watcher();
    }

    /// <summary>Lets the logits go; asked for again, they are computed again.</summary>
    public void Dispose()
    {
        foreach (var part in Parts)
            part.Dispose();
        _cancellation.Dispose();
    }

    private (ImmutableList<RunPart> Parts, ImmutableList<TokenStep> Steps) Reviewed()
    {
        lock (_lock)
            return (_parts, _snapshot.Steps);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
