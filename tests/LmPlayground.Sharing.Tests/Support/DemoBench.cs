using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Making;
using LmPlayground.Sharing.Replaying;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Sharing.Tests.Support;

/// <summary>The real run manager over the models that come with the program and the reference models.</summary>
internal sealed class DemoBench : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    private readonly ModelCatalog _catalog = new(new ModelCatalogOptions { Directories = { TestFiles.EmbeddedModels, TestFiles.AllOfZoo } });
    private readonly GenerationEngine _engine;
    private readonly JobManager _jobs = new(new JobOptions(), TimeProvider.System, NullLogger<JobManager>.Instance);
    private readonly RunManager _manager;
    private readonly WorkServices _services;

    internal DemoBench(int idleSequences = 4, long keptLogits = 64L << 20, int mostNewTokens = 100_000)
    {
        _engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = keptLogits, IdleSequences = idleSequences });
        var planner = new RunPlanner(_engine, new PlanningOptions { MaxNewTokens = mostNewTokens }, TimeProvider.System);
        _services = new WorkServices(_catalog, _engine, planner, TimeProvider.System, NullLogger.Instance);
        _manager = new RunManager(_jobs, _services);
        Maker = new DemoMaker(_engine, TimeProvider.System);
    }

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal GenerationEngine Engine => _engine;

    internal IModelLoader Models => _catalog;

    internal DemoMaker Maker { get; }

    internal DemoReplay Replay => new(_services, _catalog);

    internal IReplayManager Replays => new ReplayManager(_jobs, Replay);

    /// <summary>What runs demos again where another loader gives the models.</summary>
    internal DemoReplay ReplayWith(IModelLoader models) => new(_services with { Models = models }, _catalog);

    /// <summary>A run at its end.</summary>
    internal async Task<(Run Run, RunDetail Detail)> RunAsync(RunRequest request, Run? continued = null)
    {
        var run = _manager.StartRun("page", request, continued);
        await run.Job.Completion.WaitAsync(Soon, Cancellation);
        Assert.Null(run.Job.Snapshot.Error);
        return (run, run.Job.Snapshot.Detail);
    }

    /// <summary>A comparison at its end.</summary>
    internal async Task<(Comparison Comparison, ComparisonDetail Detail)> CompareAsync(RunRequest request)
    {
        var comparison = _manager.StartComparison("page", request);
        await comparison.Job.Completion.WaitAsync(Soon, Cancellation);
        Assert.Null(comparison.Job.Snapshot.Error);
        return (comparison, comparison.Job.Snapshot.Detail);
    }

    /// <summary>The demo of a request's run, search or comparison.</summary>
    internal async Task<SharedDemo> DemoAsync(RunRequest request, DemoContents? contents = null, DemoWords? words = null)
    {
        if (request.Columns.Count > 0)
        {
            var (comparison, compared) = await CompareAsync(request);
            return await Maker.MakeAsync(compared, comparison.Review, words, contents, Cancellation);
        }

        var (run, detail) = await RunAsync(request);
        return await Maker.MakeAsync(detail, run.Review, words, contents, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.DrainAsync().WaitAsync(Soon, CancellationToken.None);
        await _jobs.DisposeAsync();
        _engine.Dispose();
        _catalog.Dispose();
    }
}
