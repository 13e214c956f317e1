using LmPlayground.Runs.Jobs;

namespace LmPlayground.Web.State;

/// <summary>
/// Whether the browser of a page is there. A server keeps a page for minutes after its line was cut, so that it can come back; meanwhile it
/// watches nothing. One for each circuit. Thread-safe.
/// </summary>
internal sealed class Presence
{
    private readonly Lock _lock = new();
    private readonly HashSet<Watch> _watches = [];
    private bool _isConnected = true;
    private bool _isAnswering = true;

    /// <summary>The tab's own unguessable id, once it is known.</summary>
    internal string? TabId { get; set; }

    /// <summary>Whether the page watches work that goes on, as far as it is there.</summary>
    internal bool IsWatching
    {
        get
        {
            lock (_lock)
                return _watches.Count > 0;
        }
    }

    /// <summary>Whether the page has a connection.</summary>
    internal void SetConnected(bool isConnected) => Change(() => _isConnected = isConnected);

    /// <summary>Whether the browser answers: a cut line looks like a connection for a long time.</summary>
    internal void SetAnswering(bool isAnswering) => Change(() => _isAnswering = isAnswering);

    /// <summary>Watches a job while the browser is there, until it is disposed.</summary>
    /// <param name="job">The job.</param>
    /// <param name="changed">Called after each change, from any thread, and when the browser is back.</param>
    internal IDisposable Subscribe(IJob job, Action changed)
    {
        var watch = new Watch(this, job, changed);
        lock (_lock)
        {
            _watches.Add(watch);
            watch.Set(IsHere);
        }

        return watch;
    }

    private bool IsHere => _isConnected && _isAnswering;

    private void Change(Action change)
    {
        List<Watch> back;
        lock (_lock)
        {
            change();
            back = [.. _watches.Where(watch => watch.Set(IsHere) && IsHere)];
        }

        // What happened meanwhile was told to nobody.
        back.ForEach(watch => watch.Tell());
    }

    private sealed class Watch(Presence presence, IJob job, Action changed) : IDisposable
    {
        private IDisposable? _subscription;

        internal void Tell() => changed();

        /// <summary>Watches or does not; false where it did the same before. Under the lock.</summary>
        internal bool Set(bool isHere)
        {
            if (isHere == _subscription is not null)
                return false;
            _subscription?.Dispose();
            _subscription = isHere ? job.Subscribe(changed) : null;
            return true;
        }

        public void Dispose()
        {
            lock (presence._lock)
            {
                presence._watches.Remove(this);
                Set(false);
            }
        }
    }
}
