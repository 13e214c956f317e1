using System.IO.Compression;
using LmPlayground.Demos;
using LmPlayground.Demos.Storing;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Making;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Benchmarks.Demos;

/// <summary>Demos of a real run, kept in a data folder as the server keeps them.</summary>
internal static class DemoStock
{
    private const string Prompt = "Once upon a time there was a small house at the edge of the wood.";

    /// <summary>What a run of so many tokens asks for.</summary>
    internal static RunRequest Request(string model, int tokens, ulong seed = 7) => new()
    {
        Model = model,
        Prompt = Prompt,
        Seed = seed,
        Stopping = new StoppingOptions { MaxNewTokens = tokens, StopAtEndOfSequence = false },
    };

    /// <summary>A demo of a run of so many tokens.</summary>
    internal static async Task<SharedDemo> MakeAsync(BenchmarkContext context, int tokens)
    {
        using var catalog = context.OpenCatalog();
        using var engine = new GenerationEngine(new GenerationOptions());
        await using var jobs = new JobManager(new JobOptions(), TimeProvider.System, NullLogger<JobManager>.Instance);
        var planner = new RunPlanner(engine, new PlanningOptions(), TimeProvider.System);
        var runs = new RunManager(jobs, new WorkServices(catalog, engine, planner, TimeProvider.System, NullLogger.Instance));
        var run = runs.StartRun("benchmark", Request(context.Model, tokens));
        using var watching = run.Job.Subscribe(() => { });
        await run.Job.Completion.WaitAsync(context.CancellationToken);
        if (run.Job.Snapshot.Error is { } error)
            throw new BenchmarkException(error.Text);
        var demo = await new DemoMaker(engine, TimeProvider.System).MakeAsync(run.Job.Snapshot.Detail, run.Review, cancellationToken: context.CancellationToken);
        await jobs.DrainAsync();
        return demo;
    }

    /// <summary>Keeps the demo under so many links, each a document of its own.</summary>
    internal static async Task<(IReadOnlyList<DemoId> Ids, int StoredBytes)> KeepAsync(DemoStoreLocation location, SharedDemo demo, int count)
    {
        await using var store = await DemoStore.OpenAsync(location, new DemoStoreOptions(), TimeProvider.System, NullLogger<DemoStore>.Instance);
        var owner = OwnerSecret.Create();
        var ids = new List<DemoId>();
        var bytes = 0;
        for (var number = 0; number < count; number++)
        {
            var document = DemoJson.Write(demo with { Title = $"A small house, and what became of it ({number})" });
            var packed = Compress(document);
            bytes = packed.Length;
            var saved = await store.SaveAsync(owner, new NewDemo
            {
                DocumentHash = Hash256.Of(document),
                Document = packed,
                Codec = "br",
                Size = document.Length,
                Title = $"A small house, and what became of it ({number})",
                Kind = "run",
            });
            ids.Add(saved.Id);
        }

        return (ids, bytes);
    }

    private static byte[] Compress(byte[] document)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
            brotli.Write(document);
        return packed.ToArray();
    }
}
