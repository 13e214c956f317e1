using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Comparison;

/// <summary>Columns whose texts have parted as rows of one batch.</summary>
public sealed class BatchedComparisonTests
{
    private static readonly GenerationOptions Pieces = new() { PromptChunk = 8 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Columns_that_have_parted_run_at_once_and_fewer_as_they_end()
    {
        var inner = new FakeModel();
        var model = new BatchingModel(inner);
        using var engine = new GenerationEngine(Pieces);
        var request = Runs.Request(model, tokens: 8);
        using var run = new ComparisonRun(engine, Comparisons.Of(
            request,
            request with { Seed = 6, Stopping = new StoppingOptions { MaxNewTokens = 5 } },
            request with { Seed = 7 },
            request with { Seed = 7 }));
        var rounds = await run.ToEnd(Cancellation);
        Assert.Equal([3, 3, 3, 3, 2, 2, 2], model.Runs);
        Assert.Equal((4 * 3) + (3 * 2), run.ForwardPasses);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, Pieces);
        Assert.Equal(1, inner.SessionsAlive);
    }

    [Fact]
    public async Task Where_rows_round_otherwise_every_column_has_a_session()
    {
        var model = new BatchingModel(new FakeModel()) { BatchesKeepBits = false };
        using var engine = new GenerationEngine(Pieces);
        using var run = new ComparisonRun(engine, Comparisons.Of(Runs.Request(model), Runs.Request(model, seed: 6), Runs.Request(model, seed: 7)));
        await Comparisons.AssertColumnsAreLoneRuns(run, await run.ToEnd(Cancellation), Pieces);
        Assert.Empty(model.Runs);
    }

    [Fact]
    public async Task Random_columns_are_lone_runs()
    {
        var random = new Random(13);
        FakeModel[] inner = [new(contextLength: 30), new(endOfSequence: [1, 2, 3, 4, 5]) { SnapshotEvery = 5 }];
        BatchingModel[] models = [.. inner.Select(model => new BatchingModel(model))];
        SamplingOptions[] strategies = [Runs.Warm, Runs.Warm.With(TemperatureStage.Temperature, 0), new SamplingOptions().With(MinNewTokensStage.Least, 5)];
        string[] prompts = ["Once", "Once upon a time", "Some"];
        using var engine = new GenerationEngine(Pieces);
        for (var round = 0; round < 40; round++)
        {
            using var run = new ComparisonRun(engine, Comparisons.Of([.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => Column())]));
            await Comparisons.AssertColumnsAreLoneRuns(run, await run.ToEnd(Cancellation), Pieces);
        }

        Assert.All(models, model => Assert.Contains(model.Runs, rows => rows > 2));
        engine.Dispose();
        Assert.All(inner, model => Assert.Equal(0, model.SessionsAlive));

        GenerationRequest Column() => Runs.Request(models[random.Next(2)], prompts[random.Next(3)], random.Next(1, 30), (ulong)random.Next(3)) with
        {
            Sampling = strategies[random.Next(strategies.Length)],
            ContinuedIds = random.Next(4) == 0 ? [7, 8] : [],
            ForcedIds = random.Next(4) == 0 ? [200, 201] : [],
        };
    }

    [Fact]
    public async Task A_batch_that_fails_ends_its_columns_and_no_other()
    {
        var inner = new FakeModel();
        var model = new BatchingModel(inner);
        var another = new BatchingModel(new FakeModel());
        model.OnBatch = (_, _) => _ = model.Runs.Count < 3 ? 0 : throw new ModelRunException("broken");
        using var engine = new GenerationEngine(Pieces);
        var request = Runs.Request(model);
        using var run = new ComparisonRun(engine, Comparisons.Of(
            request, request with { Seed = 6 }, request with { Model = another }, request with { Seed = 7 }, request with { Model = another, Seed = 6 }));
        await run.ToEnd(Cancellation);
        Assert.Equal([4, 4, 10, 4, 10], run.Columns.Select(column => column.Steps.Count));
        Assert.Equal(["broken", "broken", null, "broken", null], run.Columns.Select(column => column.Error?.Message));
        Assert.Equal(0, inner.SessionsAlive);
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_leaves_what_is_there()
    {
        var inner = new FakeModel();
        var model = new BatchingModel(inner);
        using var cancel = new CancellationTokenSource();
        model.OnBatch = (_, token) =>
        {
            if (model.Runs.Count == 2)
                cancel.Cancel();
            token.ThrowIfCancellationRequested();
        };
        using var engine = new GenerationEngine(Pieces);
        using var run = new ComparisonRun(engine, Comparisons.Of(Runs.Request(model), Runs.Request(model, seed: 6), Runs.Request(model, seed: 7)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.ToEnd(cancel.Token));
        Assert.All(run.Columns, column => Assert.Equal((FinishReason.Cancelled, 3), (column.Summary!.FinishReason, column.Summary.NewTokens)));
        Assert.Equal(1, inner.SessionsAlive);
        model.OnBatch = null;
        using var again = new ComparisonRun(engine, run.Request);
        await Comparisons.AssertColumnsAreLoneRuns(again, await again.ToEnd(Cancellation), Pieces);
    }
}
