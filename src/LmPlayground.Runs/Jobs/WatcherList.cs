using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Jobs;

/// <summary>Those who want to be told of changes. One that throws harms neither the others nor whoever tells them. Thread-safe.</summary>
internal sealed partial class WatcherList
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ImmutableList<Watcher> _watchers = [];
    private long _lastWatched;

    internal WatcherList(TimeProvider time, ILogger logger)
    {
        (_time, _logger) = (time, logger);
        _lastWatched = time.GetTimestamp();
    }

    /// <summary>How long the list has been empty.</summary>
    internal TimeSpan Unwatched
    {
        get
        {
            lock (_lock)
                return _watchers.IsEmpty ? _time.GetElapsedTime(_lastWatched) : TimeSpan.Zero;
        }
    }

    /// <summary>Adds one, until what is returned is disposed.</summary>
    internal IDisposable Add(Action changed)
    {
        var watcher = new Watcher(this, changed);
        lock (_lock)
            _watchers = _watchers.Add(watcher);
        return watcher;
    }

    /// <summary>Calls all that were there when it began and have not gone since. To be called without a lock.</summary>
    internal void Notify()
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
        {
            try
            {
                watcher.Tell();
            }
            catch (Exception exception)
            {
                LogThrew(_logger, exception);
            }
        }
    }

    private void Remove(Watcher watcher)
    {
        lock (_lock)
        {
            _watchers = _watchers.Remove(watcher);
            _lastWatched = _time.GetTimestamp();
        }
    }

    [LoggerMessage(LogLevel.Error, "A watcher of a job threw an exception; the job and its other watchers go on")]
    private static partial void LogThrew(ILogger logger, Exception exception);

    private sealed class Watcher(WatcherList list, Action changed) : IDisposable
    {
        private Action? _changed = changed;

        internal void Tell() => Volatile.Read(ref _changed)?.Invoke();

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _changed, null) is not null)
                list.Remove(this);
        }
    }
}
