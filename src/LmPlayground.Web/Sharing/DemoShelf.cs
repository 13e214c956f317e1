using LmPlayground.Demos;
using LmPlayground.Demos.Storing;
using LmPlayground.Web.Configuration;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Sharing;

/// <summary>
/// The server's store of shared demos: PostgreSQL where <c>ConnectionStrings:Demos</c> names one, else a file in the data folder. Opened when
/// something is first asked of it, so that the playground runs without; one that cannot be opened is tried again by whoever asks next.
/// </summary>
internal sealed partial class DemoShelf(
    IConfiguration configuration, IOptions<DataOptions> data, IOptions<DemoStoreOptions> options, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private const string Connection = "Demos";
    private const string Folder = "demos";

    private readonly ILogger<DemoShelf> _logger = loggers.CreateLogger<DemoShelf>();
    private readonly SemaphoreSlim _opening = new(1);
    private DemoStore? _store;

    /// <summary>What a store takes, and for how long.</summary>
    internal DemoStoreOptions Options => options.Value;

    /// <summary>Whether there may be demos, so that opening the store is worth the while.</summary>
    internal bool MayHaveDemos => Location.MayHaveDemos;

    /// <summary>Raised when what a link shows has changed: it ended, its title or its end is another one.</summary>
    internal event Action<DemoId>? Changed;

    /// <summary>What a link shows has changed.</summary>
    internal void Tell(DemoId id) => Changed?.Invoke(id);

    /// <summary>The store.</summary>
    /// <exception cref="DemoStoreException">It cannot be opened; the message says why.</exception>
    internal async Task<IDemoStore> OpenAsync(CancellationToken cancellationToken)
    {
        if (_store is { } open)
            return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _store ??= await DemoStore.OpenAsync(Location, options.Value, time, loggers.CreateLogger<DemoStore>(), cancellationToken);
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

    private DemoStoreLocation Location => configuration.GetConnectionString(Connection) is { Length: > 0 } postgres
        ? DemoStoreLocation.InPostgres(postgres)
        : DemoStoreLocation.InFolder(Path.Combine(data.Value.EffectiveDirectory!, Folder));

    [LoggerMessage(LogLevel.Warning, "The store of demos could not be swept; it is tried again")]
    private partial void LogSweepFailed(Exception error);
}
