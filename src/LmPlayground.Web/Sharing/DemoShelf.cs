using LmPlayground.Demos;
using LmPlayground.Demos.Storing;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Sharing;

/// <summary>
/// The server's store of shared demos. Opened when something is first asked of it, so that the playground runs without; one that cannot be opened
/// is tried again by whoever asks next.
/// </summary>
internal sealed partial class DemoShelf(DemoPlace place, IOptions<DemoStoreOptions> options, TimeProvider time, ILoggerFactory loggers) : BackgroundService
{
    private readonly ILogger<DemoShelf> _logger = loggers.CreateLogger<DemoShelf>();
    private readonly SemaphoreSlim _opening = new(1);
    private readonly TaskCompletionSource<IDemoStore> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DemoStore? _store;

    /// <summary>What a store takes, and for how long.</summary>
    internal DemoStoreOptions Options => options.Value;

    /// <summary>Whether there may be demos, so that opening the store is worth the while.</summary>
    internal bool MayHaveDemos => place.Location.MayHaveDemos;

    /// <summary>The store, once something was asked of it.</summary>
    internal Task<IDemoStore> WhenOpen => _opened.Task;

    /// <summary>Raised when what a link shows has changed: it ended, its title or its end is another one. The store has no more than the hash of its id.</summary>
    internal event Action<Hash256>? Changed;

    /// <summary>What a link shows has changed.</summary>
    internal void Tell(Hash256 idHash) => Changed?.Invoke(idHash);

    /// <summary>The store.</summary>
    /// <exception cref="DemoStoreException">It cannot be opened; the message says why.</exception>
    internal async Task<IDemoStore> OpenAsync(CancellationToken cancellationToken)
    {
        if (_store is { } open)
            return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            _store ??= await DemoStore.OpenAsync(place.Location, options.Value, time, loggers.CreateLogger<DemoStore>(), cancellationToken);
            _opened.TrySetResult(_store);
            return _store;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_store is { } store)
            await store.DisposeAsync();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _opening.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SweepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops, or did not start.
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (_store is not { } store)
            return;
        try
        {
            await store.SweepAsync(cancellationToken);
        }
        catch (DemoStoreException error)
        {
            LogSweepFailed(error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The store of demos could not be swept; it is tried again")]
    private partial void LogSweepFailed(Exception error);
}
