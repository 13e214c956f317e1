namespace LmPlayground.Runs.Jobs;

/// <summary>All jobs that are not forgotten, one under a key, in the order in which they were started. Thread-safe.</summary>
internal sealed class JobRegistry
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<JobKey, Job> _jobs = [];
    private bool _isClosed;

    internal Job[] All
    {
        get
        {
            lock (_lock)
                return [.. _jobs.Values];
        }
    }

    internal Job? Find(JobKey key)
    {
        lock (_lock)
            return _jobs.GetValueOrDefault(key);
    }

    /// <summary>Puts a job in the place of the earlier one under its key.</summary>
    /// <param name="job">The job.</param>
    /// <param name="joinsActive">Whether an earlier one that is active stays.</param>
    /// <param name="earlier">The one that was under the key, or null.</param>
    /// <returns>The job that is under the key now; null when the registry is closed.</returns>
    internal Job? Add(Job job, bool joinsActive, out Job? earlier)
    {
        lock (_lock)
        {
            earlier = _jobs.GetValueOrDefault(job.Key);
            if (_isClosed)
                return null;
            if (joinsActive && earlier is { IsActive: true })
                return earlier;
            _jobs.Remove(job.Key);
            _jobs.Add(job.Key, job);
            return job;
        }
    }

    /// <summary>Forgets a job; false when it was forgotten or replaced before.</summary>
    internal bool Remove(Job job)
    {
        lock (_lock)
            return _jobs.GetValueOrDefault(job.Key) == job && _jobs.Remove(job.Key);
    }

    /// <summary>Forgets the jobs of watchers that have ended and are watched no more: those beyond a number, and those that have been so for a time.</summary>
    /// <returns>The forgotten, longest unwatched first.</returns>
    internal List<Job> RemoveIdle(int maxRetained, TimeSpan retainFor)
    {
        lock (_lock)
        {
            var surplus = _jobs.Values.Count(job => job.Lifetime == JobLifetime.Watched) - maxRetained;
            List<Job> idle = [.. Idle().Where((job, index) => index < surplus || job.Unwatched >= retainFor)];
            idle.ForEach(job => _jobs.Remove(job.Key));
            return idle;
        }
    }

    /// <summary>Forgets the longest unwatched of the same that keeps any memory, one of an owner where one is named; null when there is none.</summary>
    internal Job? RemoveOldestIdle(string? owner)
    {
        lock (_lock)
        {
            var oldest = Idle().FirstOrDefault(job => job.Accounted > 0 && (owner is null || job.Key.Owner == owner));
            if (oldest is not null)
                _jobs.Remove(oldest.Key);
            return oldest;
        }
    }

    /// <summary>Takes no more jobs; returns those that it has.</summary>
    internal Job[] Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return All;
        }
    }

    private IEnumerable<Job> Idle() => _jobs.Values
        .Where(job => job is { Lifetime: JobLifetime.Watched, Completion.IsCompleted: true } && job.Unwatched > TimeSpan.Zero)
        .OrderByDescending(job => job.Unwatched);
}
