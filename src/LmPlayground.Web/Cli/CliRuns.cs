using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Tokenizers;

namespace LmPlayground.Web.Cli;

/// <summary>Does for a command what the server does for a page: the same planner, the same work, one job at a time.</summary>
internal sealed class CliRuns : IAsyncDisposable
{
    private const string Owner = "command line";

    private readonly GenerationEngine _engine = new();
    private readonly JobManager _jobs;
    private readonly IModelLoader _models;

    internal CliRuns(IModelLoader models, int topCandidates, TextWriter error)
    {
        var log = new UnexpectedErrorLog(error);
        _models = models;
        var planner = new RunPlanner(_engine, new PlanningOptions { TopCandidates = topCandidates }, TimeProvider.System);
        Services = new WorkServices(models, _engine, planner, TimeProvider.System, log);
        _jobs = new JobManager(new JobOptions { MaxConcurrent = 1, MemoryLimit = long.MaxValue, PageMemoryLimit = long.MaxValue }, TimeProvider.System, log);
    }

    /// <summary>What work is done with.</summary>
    internal WorkServices Services { get; }

    /// <summary>Refuses what the model would ignore.</summary>
    /// <exception cref="CommandLineException">A setting has no effect with the model.</exception>
    /// <exception cref="ModelLoadException">The model cannot be loaded.</exception>
    internal async Task CheckAsync(RunRequest request, CancellationToken cancellationToken)
    {
        using var lease = await _models.AcquireAsync(request.Model!, cancellationToken);
        if (RunPlanner.Ignored(request, lease.Model, setting => setting.CommandLineName).FirstOrDefault() is { } ignored)
            throw new CommandLineException(ignored);

        // A page shows the example that an encoder-decoder reads where nothing was given; here nobody would see it.
        if (request.Source is null && lease.Model is IEncoderDecoderModel)
            lease.Model.AsLanguageModel();
    }

    /// <summary>Does a piece of work and shows each of its snapshots; cancelling ends the work, and its last snapshot is shown all the same.</summary>
    /// <returns>The last snapshot.</returns>
    internal async Task<JobSnapshot<TDetail>> FollowAsync<TDetail>(
        IJobTask<TDetail> work, Func<JobSnapshot<TDetail>, Task> show, CancellationToken cancellationToken)
    {
        var job = _jobs.Start(new JobKey(Owner, "run"), work, new JobStart { Lane = _jobs.Models, Lifetime = JobLifetime.Watched });
        await using var cancelling = cancellationToken.Register(job.Cancel);
        await foreach (var snapshot in job.SnapshotsAsync(CancellationToken.None))
            await show(snapshot);
        return job.Snapshot;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Work may still be inside a model if what shows it has failed.
        await _jobs.DrainAsync();
        await _jobs.DisposeAsync();
        _engine.Dispose();
    }
}
