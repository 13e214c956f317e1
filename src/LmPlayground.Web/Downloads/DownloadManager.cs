using System.Collections.Immutable;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Downloads;

/// <summary>Owns every download of the server: pages come and go, downloads stay.</summary>
internal sealed partial class DownloadManager : IDownloads, IHostedService, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (CancellationTokenSource Cancellation, Task Task)> _running = new(StringComparer.Ordinal);
    private readonly HubClient _client;
    private readonly HubDownloader _downloader;
    private readonly ModelCatalog _catalog;
    private readonly DownloadPolicy _policy;
    private readonly SemaphoreSlim _turns;
    private readonly ILogger<DownloadManager> _logger;
    private ImmutableList<Download> _current = [];
    private ImmutableList<Action> _watchers = [];

    public DownloadManager(
        HubClient client, ModelCatalog catalog, DownloadPolicy policy, IOptions<DownloadOptions> options, TimeProvider time, ILogger<DownloadManager> logger)
    {
        _client = client;
        _downloader = new HubDownloader(client, time);
        _catalog = catalog;
        _policy = policy;
        _turns = new SemaphoreSlim(options.Value.MaxConcurrent);
        _logger = logger;
    }

    /// <inheritdoc/>
    public string? Refusal => _policy.Refusal;

    /// <inheritdoc/>
    public IReadOnlyList<Download> Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed)
    {
        ImmutableInterlocked.Update(ref _watchers, static (watchers, added) => watchers.Add(added), changed);
        return new Subscription(() => ImmutableInterlocked.Update(ref _watchers, static (watchers, gone) => watchers.Remove(gone), changed));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HubSearchResult>> SearchAsync(string words, CancellationToken cancellationToken)
    {
        _policy.Check();
        return await _client.SearchAsync(words, cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public Task<HubRepository> FindAsync(string repository, CancellationToken cancellationToken)
    {
        _policy.Check();
        return _client.FindAsync(HubRepositoryId.Parse(repository), cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public void Start(HubRepositoryId repository, string variant)
    {
        _policy.Check();
        var download = new Download { Repository = repository, Variant = variant };
        lock (_lock)
        {
            if (_running.ContainsKey(download.Id))
                return;
            _current = _current.RemoveAll(other => other.Id == download.Id).Add(download);
            var cancellation = new CancellationTokenSource();
            _running[download.Id] = (cancellation, Task.Run(() => RunAsync(download, cancellation), CancellationToken.None));
        }

        Tell();
    }

    /// <inheritdoc/>
    public void Cancel(string id)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(id, out var running))
                running.Cancellation.Cancel();
            else
                _current = _current.RemoveAll(download => download.Id == id);
        }

        Tell();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends every download; what has arrived is kept.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] tasks;
        lock (_lock)
        {
            tasks = [.. _running.Values.Select(running => running.Task)];
            foreach (var running in _running.Values)
                running.Cancellation.Cancel();
        }

        return Task.WhenAll(tasks).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private async Task RunAsync(Download download, CancellationTokenSource cancellation)
    {
        string? error = null;
        try
        {
            await _turns.WaitAsync(cancellation.Token);
            try
            {
                var repository = await _client.FindAsync(download.Repository, cancellationToken: cancellation.Token);
                var variant = repository.Choose(download.Variant);
                LogStarted(_logger, download.Id, variant.Size);
                var progress = new DirectProgress(now => Change(download.Id, entry => entry with { Progress = now }));
                await _downloader.PullAsync(repository, variant, progress, cancellation.Token);
                _catalog.Refresh();
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What has arrived is kept for the next time.
        }
        catch (Exception exception)
        {
            LogFailed(_logger, exception, download.Id);
            error = exception is HubException ? exception.Message : $"The download failed in a way that was not expected ({exception.GetType().Name}); the server's log has the details.";
        }

        lock (_lock)
        {
            _running.Remove(download.Id);
            _current = error is null
                ? _current.RemoveAll(entry => entry.Id == download.Id)
                : [.. _current.Select(entry => entry.Id == download.Id ? entry with { Error = error } : entry)];
            cancellation.Dispose();
        }

        Tell();
    }

    private void Change(string id, Func<Download, Download> change)
    {
        lock (_lock)
            _current = [.. _current.Select(entry => entry.Id == id ? change(entry) : entry)];
        Tell();
    }

    private void Tell()
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
            watcher();
    }

    [LoggerMessage(LogLevel.Information, "The download of {Model} begins: {Bytes} bytes")]
    private static partial void LogStarted(ILogger logger, string model, long bytes);

    [LoggerMessage(LogLevel.Warning, "The download of {Model} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string model);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

/// <summary>Tells on the thread that reports, in order.</summary>
internal sealed class DirectProgress(Action<DownloadProgress> told) : IProgress<DownloadProgress>
{
    public void Report(DownloadProgress value) => told(value);
}
