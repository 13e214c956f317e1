namespace LmPlayground.Web.Access;

/// <summary>
/// Pages that were handed out and have not found their work yet. A tab that is reloaded asks for its page before it lets go of the old one; a tab that
/// is closed asks for none. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class Arrivals(TimeProvider time)
{
    /// <summary>A page that has not connected by then never will: a program asked for it, or it was closed before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<long>> _pages = [];
    private long _swept = time.GetTimestamp();

    /// <summary>A page was handed out to a client.</summary>
    internal void Serve(string client)
    {
        lock (_lock)
        {
            Sweep();
            if (!_pages.TryGetValue(client, out var pages))
                _pages[client] = pages = new Queue<long>();
            pages.Enqueue(time.GetTimestamp());
        }
    }

    /// <summary>A page of a client is connected and watches the work that its tab has begun.</summary>
    internal void Connect(string client)
    {
        lock (_lock)
        {
            if (_pages.TryGetValue(client, out var pages) && pages.TryDequeue(out _) && pages.Count == 0)
                _pages.Remove(client);
        }
    }

    /// <summary>Whether a page of a client is about to connect.</summary>
    internal bool Expects(string client)
    {
        lock (_lock)
            return _pages.TryGetValue(client, out var pages) && pages.Any(IsRecent);
    }

    private bool IsRecent(long since) => time.GetElapsedTime(since) < Patience;

    /// <summary>Forgets pages that will not come, now and then.</summary>
    private void Sweep()
    {
        if (IsRecent(_swept))
            return;
        _swept = time.GetTimestamp();
        foreach (var (client, pages) in _pages)
        {
            while (pages.TryPeek(out var since) && !IsRecent(since))
                pages.Dequeue();
            if (pages.Count == 0)
                _pages.Remove(client);
        }
    }
}
