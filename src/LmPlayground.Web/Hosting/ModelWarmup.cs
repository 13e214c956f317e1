using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;

namespace LmPlayground.Web.Hosting;

/// <summary>
/// Reads the embedded models into memory when the server starts, the first one before it takes visitors: pages then know each model's
/// recommended settings, and the first run need not wait.
/// </summary>
internal sealed partial class ModelWarmup(IModelList list, IModelLoader loader, ILogger<ModelWarmup> logger) : BackgroundService
{
    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (list.Entries.FirstOrDefault(entry => entry.IsEmbedded) is { } first)
            await LoadAsync(first.Id, cancellationToken);

        // A server that is told to stop meanwhile does not begin with the others: the host would call their cancelled task a failure.
        if (!cancellationToken.IsCancellationRequested)
            await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var entry in list.Entries.Where(entry => entry.IsEmbedded))
            await LoadAsync(entry.Id, stoppingToken);
    }

    private async Task LoadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            // The model stays in memory without the lease, until the room is needed.
            using var lease = await loader.AcquireAsync(id, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        catch (ModelLoadException exception)
        {
            // The catalogue shows the reason to whoever picks the model; the others go on.
            LogFailed(logger, id, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The embedded model {Model} cannot be used: {Reason}")]
    private static partial void LogFailed(ILogger logger, string model, string reason);
}
