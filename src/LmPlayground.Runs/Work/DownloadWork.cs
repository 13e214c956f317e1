using LmPlayground.Models.Hub;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Work;

/// <summary>The download of a model from a hub into the cache of Hugging Face's tools. What has arrived is kept for the next time, however it ends.</summary>
/// <param name="repository">"org/name".</param>
/// <param name="variant">"q4".</param>
/// <param name="hub">The hub.</param>
/// <param name="found">Called when the model is there.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where its beginning is logged.</param>
public sealed partial class DownloadWork(
    HubRepositoryId repository, string variant, HubClient hub, Action found, TimeProvider time, ILogger logger) : IJobTask<DownloadDetail>
{
    /// <inheritdoc/>
    public DownloadDetail Initial { get; } = new(repository, variant, null);

    /// <inheritdoc/>
    public async Task RunAsync(JobContext<DownloadDetail> job)
    {
        var offered = await hub.FindAsync(repository, cancellationToken: job.Cancelled);
        var chosen = offered.Choose(variant);
        LogStarted(logger, Initial.Id, chosen.Size);
        var progress = new DirectProgress(now => job.Update(snapshot => snapshot with
        {
            Status = JobStatus.Working,
            Progress = now.Share,
            Detail = snapshot.Detail with { Progress = now },
        }));
        await new HubDownloader(hub, time).PullAsync(offered, chosen, progress, job.Cancelled);
        found();
    }

    /// <inheritdoc/>
    public string Describe(DownloadDetail detail) => "A download";

    /// <inheritdoc/>
    public Message Explain(Exception exception) => exception is HubException
        ? Message.Of("download", $"{exception.Message}")
        : Message.Of("download.unexpected", $"The download failed in a way that was not expected ({exception.GetType().Name}); the server's log has the details.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    [LoggerMessage(LogLevel.Information, "The download of {Model} begins: {Bytes} bytes")]
    private static partial void LogStarted(ILogger logger, string model, long bytes);
}
