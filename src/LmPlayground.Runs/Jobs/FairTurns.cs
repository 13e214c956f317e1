namespace LmPlayground.Runs.Jobs;

/// <summary>
/// Whose turn it is: clients take turns, and within a client its pages do, however many jobs each has brought. First come, first served
/// among equals. Not thread-safe.
/// </summary>
internal sealed class FairTurns
{
    private readonly FairRounds _clients = new();
    private readonly Dictionary<string, FairRounds> _pages = [];

    /// <summary>Notes that a job has its turn.</summary>
    /// <param name="queued">The job.</param>
    /// <param name="waiting">Those who wait besides.</param>
    internal void Begin(IQueued queued, IReadOnlyCollection<IWaiting> waiting)
    {
        _clients.Begin(queued.Client, waiting.Count > 0);
        if (!_pages.TryGetValue(queued.Client, out var pages))
            _pages[queued.Client] = pages = new FairRounds();
        pages.Begin(queued.Page, waiting.Any(other => other.Queued.Client == queued.Client));
    }

    /// <summary>Notes that a job that had its turn has left.</summary>
    /// <param name="queued">The job.</param>
    /// <param name="waiting">Those who wait besides.</param>
    internal void End(IQueued queued, IReadOnlyCollection<IWaiting> waiting)
    {
        _clients.End(queued.Client);
        if (!_pages[queued.Client].End(queued.Page) && !waiting.Any(other => other.Queued.Client == queued.Client))
            _pages.Remove(queued.Client);
    }

    /// <summary>Puts those who wait in the order of their turns.</summary>
    internal void Order<T>(List<T> waiting)
        where T : IWaiting
    {
        if (waiting.Count < 2)
            return;
        waiting.Sort((left, right) => left.Arrival.CompareTo(right.Arrival));
        Sort(waiting, new TurnNumbers<(string Client, string Page)>(of => _pages.GetValueOrDefault(of.Client)?.NextOf(of.Page) ?? 0), queued => (queued.Client, queued.Page));
        Sort(waiting, new TurnNumbers<string>(_clients.NextOf), queued => queued.Client);
    }

    private static void Sort<T, TSharer>(List<T> waiting, TurnNumbers<TSharer> turns, Func<IQueued, TSharer> sharer)
        where T : IWaiting
        where TSharer : notnull
    {
        var numbered = waiting.ConvertAll(one => (One: one, Turn: turns.Take(sharer(one.Queued))));
        numbered.Sort((left, right) => (left.Turn, left.One.Arrival).CompareTo((right.Turn, right.One.Arrival)));
        for (var i = 0; i < waiting.Count; i++)
            waiting[i] = numbered[i].One;
    }

    /// <summary>Hands out the numbers of each one's turns, one after another.</summary>
    private sealed class TurnNumbers<TSharer>(Func<TSharer, long> first)
        where TSharer : notnull
    {
        private readonly Dictionary<TSharer, long> _next = [];

        internal long Take(TSharer sharer)
        {
            var turn = _next.TryGetValue(sharer, out var next) ? next : first(sharer);
            _next[sharer] = turn + 1;
            return turn;
        }
    }
}
