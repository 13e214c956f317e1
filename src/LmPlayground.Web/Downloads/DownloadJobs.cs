using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Access;

namespace LmPlayground.Web.Downloads;

/// <summary>Downloads as jobs of the server: pages come and go, downloads stay.</summary>
internal sealed class DownloadJobs(
    JobManager jobs, HubClient hub, ModelCatalog catalog, VisitorPolicy policy, Visitor visitor, TimeProvider time, ILogger<DownloadJobs> logger) : IDownloads
{
    private const string Server = "server";

    /// <inheritdoc/>
    public string? Refusal => policy.DownloadRefusal;

    /// <inheritdoc/>
    public IReadOnlyList<Download> Current => [.. jobs.List(Server).OfType<IJob<DownloadDetail>>().Select(job => Of(job.Snapshot))];

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed) => new Watch(jobs, changed);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HubSearchResult>> SearchAsync(string words, CancellationToken cancellationToken)
    {
        policy.CheckDownload();
        return await hub.SearchAsync(words, cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public Task<HubRepository> FindAsync(string repository, CancellationToken cancellationToken)
    {
        policy.CheckDownload();
        return hub.FindAsync(HubRepositoryId.Parse(repository), cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public void Start(HubRepositoryId repository, string variant)
    {
        policy.CheckDownload();
        var work = new DownloadWork(repository, variant, hub, catalog.Refresh, time, logger);
        jobs.Start(KeyOf(work.Initial.Id), work, new JobStart
        {
            Lane = jobs.Downloads,
            Client = visitor.Client,
            Lifetime = JobLifetime.Server,
            JoinsActive = true,
        });
    }

    /// <inheritdoc/>
    public void Cancel(string id)
    {
        policy.CheckDownload();
        if (!jobs.Forget(KeyOf(id)))
            jobs.Find(KeyOf(id))?.Cancel();
    }

    private static JobKey KeyOf(string id) => new(Server, id);

    private static Download Of(JobSnapshot<DownloadDetail> snapshot) => new()
    {
        Repository = snapshot.Detail.Repository,
        Variant = snapshot.Detail.Variant,
        Progress = snapshot.Detail.Progress,
        Error = snapshot.Error,
    };

    /// <summary>Tells of changes of the list and of each job in it.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly JobManager _jobs;
        private readonly Action _changed;
        private readonly Dictionary<IJob, IDisposable> _watched = [];
        private readonly IDisposable _list;
        private bool _disposed;

        internal Watch(JobManager jobs, Action changed)
        {
            (_jobs, _changed) = (jobs, changed);
            _list = jobs.Subscribe(Changed);
            Follow();
        }

        public void Dispose()
        {
            _list.Dispose();
            lock (_lock)
            {
                _disposed = true;
                foreach (var watch in _watched.Values)
                    watch.Dispose();
                _watched.Clear();
            }
        }

        private void Changed()
        {
            Follow();
            _changed();
        }

        private void Follow()
        {
            lock (_lock)
            {
                if (_disposed)
                    return;
                var present = _jobs.List(Server);
                foreach (var gone in _watched.Keys.Except(present).ToList())
                {
                    _watched.Remove(gone, out var watch);
                    watch?.Dispose();
                }

                foreach (var job in present.Where(job => !_watched.ContainsKey(job)))
                    _watched[job] = job.Subscribe(_changed);
            }
        }
    }
}
