using LmPlayground.Demos;
using LmPlayground.Web.Sharing;

namespace LmPlayground.Web.Viewing;

/// <summary>
/// Renders a small demo and its picture while the server starts, and opens the store where there may be demos: whoever opens the first one does
/// not wait until all that code has been compiled. The server says that it listens when this is done, or after <see cref="Longest"/>.
/// </summary>
internal sealed partial class DemoWarmup(DemoRenderings renderings, DemoShelf shelf, ILogger<DemoWarmup> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _work = Task.Run(() => Task.WhenAll(TryAsync(renderings.WarmUpAsync), TryAsync(OpenStoreAsync)), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAny(_work, Task.Delay(Longest, cancellationToken));

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work;
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task OpenStoreAsync()
    {
        if (!shelf.MayHaveDemos)
            return;
        var store = await shelf.OpenAsync(_stop.Token);
        await store.FindAsync(default, _stop.Token);
        await store.StateAsync(default, _stop.Token);
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (DemoStoreException error)
        {
            // Another server on the same folder, say: no fault of the program.
            LogNotOpen(logger, error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            // Nobody asked for it; whoever does is told.
            LogFailed(logger, error);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Shared demos cannot be opened now: {Reason}")]
    private static partial void LogNotOpen(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Shared demos could not be made ready; whoever opens the first one finds out why")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
