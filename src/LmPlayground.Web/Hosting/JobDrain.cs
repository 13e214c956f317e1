using LmPlayground.Runs.Jobs;

namespace LmPlayground.Web.Hosting;

/// <summary>Ends every job when the server stops, and waits until the models are at rest.</summary>
internal sealed class JobDrain(JobManager jobs) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => jobs.DrainAsync(cancellationToken);
}
