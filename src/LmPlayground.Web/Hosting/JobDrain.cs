using LmPlayground.Runs.Jobs;

namespace LmPlayground.Web.Hosting;

/// <summary>Ends every job when the server stops, and waits until the models are at rest.</summary>
internal sealed partial class JobDrain(JobManager jobs, ILogger<JobDrain> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await jobs.DrainAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogLeft(logger);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The server stops although a job has not come to rest in the time that there is for it")]
    private static partial void LogLeft(ILogger logger);
}
