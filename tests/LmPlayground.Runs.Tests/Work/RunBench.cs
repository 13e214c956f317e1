using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Web.Tests.Runs;

/// <summary>A run manager over a fake model that can be held still inside its forward pass.</summary>
internal sealed class RunBench : IDisposable, IModelLoader
{
    private readonly GenerationEngine _engine;
    private readonly ManualResetEventSlim _gate = new(initialState: true);

    internal RunBench(int concurrent = 1, int queued = 10, int retained = 100, long keptLogits = 1L << 20)
    {
        _engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = keptLogits });
        var options = new RunOptions { MaxRetained = retained };
        Manager = new RunManager(this, _engine, new RunQueue(concurrent, queued), Options.Create(options), Time, NullLogger<RunManager>.Instance);
    }

    /// <summary>The model that is in memory now.</summary>
    internal FakeModel Model { get; private set; } = new();

    /// <summary>How many leases of models there are.</summary>
    internal int Leases { get; private set; }

    internal FakeTimeProvider Time { get; } = new();

    internal RunManager Manager { get; }

    internal static RunRequest Request(int tokens = 3) => new()
    {
        ModelId = "fake",
        Prompt = "Once",
        Sampling = new SamplingOptions().With(TopKStage.K, 20),
        Stopping = new StoppingOptions { MaxNewTokens = tokens },
        Seed = 11,
    };

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

    private ModelLease Lease()
    {
        Leases++;
        return new ModelLease(Model, () => Leases--);
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

    public void Dispose()
    {
        _gate.Set();
        Manager.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        Manager.Dispose();
        _engine.Dispose();
        _gate.Dispose();
    }
}

internal static class RunWaiting
{
    /// <summary>The first snapshot for which <paramref name="condition"/> holds.</summary>
    internal static async Task<RunSnapshot> Until(this IRun run, Func<RunSnapshot, bool> condition)
    {
        var reached = new TaskCompletionSource<RunSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (run.Snapshot is var snapshot && condition(snapshot))
                reached.TrySetResult(snapshot);
        }

        using var subscription = run.Subscribe(Look);
        Look();
        return await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
