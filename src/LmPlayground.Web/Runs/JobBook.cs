namespace LmPlayground.Web.Runs;

/// <summary>The work of every page, one piece each: found again by the page's id, ended when nobody watches, forgotten when nobody comes back. Thread-safe.</summary>
internal sealed class JobBook<TJob>(RunOptions options)
    where TJob : class, IWatched
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TJob> _jobs = new(StringComparer.Ordinal);

    internal TJob? Find(string pageId)
    {
        lock (_lock)
            return _jobs.GetValueOrDefault(pageId);
    }

    /// <summary>Puts a page's new work in the place of its earlier one, which is returned.</summary>
    internal TJob? Replace(string pageId, TJob job)
    {
        lock (_lock)
        {
            var replaced = _jobs.GetValueOrDefault(pageId);
            _jobs[pageId] = job;
            return replaced;
        }
    }

    /// <summary>Ends work that nobody watches, and forgets what has ended and nobody comes back for.</summary>
    internal void Sweep()
    {
        List<TJob> forgotten = [];
        lock (_lock)
        {
            foreach (var job in _jobs.Values)
            {
                if (job.IsActive && job.Unwatched >= options.AbandonedAfter)
                    job.Cancel();
            }

            var idle = _jobs.Where(pair => !pair.Value.IsActive && pair.Value.Unwatched > TimeSpan.Zero)
                .OrderByDescending(pair => pair.Value.Unwatched).ToList();
            var surplus = Math.Max(0, _jobs.Count - options.MaxRetained);
            for (var i = 0; i < idle.Count && (i < surplus || idle[i].Value.Unwatched >= options.RetainFor); i++)
            {
                _jobs.Remove(idle[i].Key);
                forgotten.Add(idle[i].Value);
            }
        }

        forgotten.ForEach(job => job.Dispose());
    }

    /// <summary>Cancels everything and waits until the models are at rest.</summary>
    internal Task EndAsync(CancellationToken cancellationToken)
    {
        TJob[] jobs;
        lock (_lock)
            jobs = [.. _jobs.Values];
        foreach (var job in jobs)
            job.Cancel();
        return Task.WhenAll(jobs.Select(job => job.Completion)).WaitAsync(cancellationToken);
    }
}
