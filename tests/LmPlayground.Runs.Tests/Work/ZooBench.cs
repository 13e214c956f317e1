using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Runs.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>The real run manager over the reference models; tests are skipped where these are missing.</summary>
internal sealed class ZooBench : IAsyncDisposable
{
    private readonly ModelCatalog _catalog = new(new ModelCatalogOptions { Directories = { TestFiles.AllOfZoo } });
    private readonly GenerationEngine _engine;
    private readonly JobManager _jobs = new(new JobOptions(), TimeProvider.System, NullLogger<JobManager>.Instance);

    internal ZooBench(long keptLogits = 1L << 20)
    {
        _engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = keptLogits });
        var planner = new RunPlanner(_engine, new PlanningOptions(), TimeProvider.System);
        Manager = new RunManager(_jobs, new WorkServices(_catalog, _engine, planner, TimeProvider.System, NullLogger.Instance));
    }

    internal RunManager Manager { get; }

    /// <summary>A page's run, at its end.</summary>
    internal async Task<(Run Run, JobSnapshot<RunDetail> End)> EndOf(RunRequest request, Run? continued = null)
    {
        var run = Manager.StartRun("page", request, continued);
        return (run, await run.Job.End());
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.DrainAsync().Soon();
        await _jobs.DisposeAsync();
        _engine.Dispose();
        _catalog.Dispose();
    }
}
