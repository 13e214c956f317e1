using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>The real run manager, jobs and engine over a fake model that can be held still inside its forward pass.</summary>
internal sealed class RunBench : IModelLoader, IAsyncDisposable
{
    private readonly GenerationEngine _engine;
    private readonly JobManager _jobs;
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private int _leases;

    internal RunBench(JobOptions? options = null, long keptLogits = 1L << 20)
    {
        _engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = keptLogits });
        _jobs = new JobManager(options ?? new JobOptions { MaxConcurrent = 1 }, Time, Log);
        _jobs.Memory.Register(new KeptLogits(_engine));
        var planner = new RunPlanner(_engine, new PlanningOptions(), Time);
        Manager = new RunManager(_jobs, new WorkServices(this, _engine, planner, Time, Log));
    }

    /// <summary>The model that is in memory now.</summary>
    internal FakeModel Model { get; private set; } = new();

    /// <summary>How many leases of models there are.</summary>
    internal int Leases => Volatile.Read(ref _leases);

    internal FakeTimeProvider Time { get; } = new();

    internal LogBook Log { get; } = new();

    internal RunManager Manager { get; }

    internal JobMemory Memory => _jobs.Memory;

    /// <summary>What the strategy of <see cref="Request"/> is.</summary>
    internal static SamplingOptions Sampling => RunPlanner.SamplingOf(Request(), new FakeModel());

    internal static RunRequest Request(int tokens = 3) => new RunRequest
    {
        Model = "fake",
        Prompt = "Once",
        Stopping = new StoppingOptions { MaxNewTokens = tokens },
        Seed = 11,
    }.With(StageSettings.Of(TopKStage.K), 20);

    /// <summary>The end of a page's run.</summary>
    internal Task<JobSnapshot<RunDetail>> EndOf(RunRequest request, string page = "page") => Manager.StartRun(page, request).Job.End();

    public Task<ModelLease> AcquireAsync(string id, CancellationToken cancellationToken) => id == "fake"
        ? Task.FromResult(Lease())
        : Task.FromException<ModelLease>(new ModelLoadException($"{id}/model.onnx", "it is not there."));

    public bool Unload(string id) => false;

    /// <summary>Unloads the model; the next lease is of another instance.</summary>
    /// <param name="contentHash">That of the next instance's files.</param>
    internal void Forget(string contentHash = "")
    {
        Assert.Equal(0, Leases);
        _engine.Forget(Model);
        Assert.Equal(0, Model.SessionsAlive);
        Model.OnForward = (_, _) => Assert.Fail("The model was unloaded.");
        var next = new FakeModel();
        Model = new FakeModel { Card = next.Card with { ContentHash = contentHash } };
    }

    /// <summary>Holds every forward pass until <see cref="Release"/> or its cancellation.</summary>
    internal void Hold() => HoldAfter(0);

    internal void HoldAfter(int forwards)
    {
        var passed = 0;
        Model.OnForward = (_, cancellationToken) =>
        {
            if (Interlocked.Increment(ref passed) > forwards)
                _gate.Wait(cancellationToken);
        };
        _gate.Reset();
    }

    internal void Release() => _gate.Set();

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        await _jobs.DrainAsync().Soon();
        await _jobs.DisposeAsync();
        _engine.Dispose();
        _gate.Dispose();
    }

    private ModelLease Lease()
    {
        Interlocked.Increment(ref _leases);
        return new ModelLease(Model, () => Interlocked.Decrement(ref _leases));
    }
}
