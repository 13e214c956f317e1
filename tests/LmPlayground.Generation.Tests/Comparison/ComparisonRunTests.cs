using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Comparison;

/// <summary>Each column is the lone run of its request, whatever the others do; columns that agree share the model's work.</summary>
public class ComparisonRunTests
{
    private static readonly GenerationOptions Pieces = new() { PromptChunk = 8 };

    private static readonly SamplingOptions Cool = Runs.Warm.With(TemperatureStage.Temperature, 0.2);
    private static readonly SamplingOptions Mirostat = new SamplingOptions { Order = StageOrder.Transformers.Including("mirostat_v2") }
        .With(MirostatV2Stage.Tau, 2).With(MirostatV2Stage.Eta, 0.5);

    private static readonly SamplingOptions Penalised = Runs.Warm.With(RepetitionPenaltyStage.Penalty, 1.3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Columns_that_agree_cost_one_forward_pass_a_round_and_no_fork()
    {
        var model = new FakeModel();
        using var engine = new GenerationEngine(Pieces);
        var request = Runs.Request(model, "Once upon a time", tokens: 12);
        using var run = new ComparisonRun(engine, Comparisons.Of(request, request, request with { TopCandidates = 3 }, request));
        var rounds = await run.ToEnd(Cancellation);
        Assert.Equal(12, rounds.Length);
        Assert.Equal(2 + 11, model.Forwards);
        Assert.Equal((11, 0), (run.ForwardPasses, run.Forks));
        Assert.Null(run.FirstDifference);
        Assert.Equal(1, run.PromptProgress);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, Pieces);
    }

    [Fact]
    public async Task Texts_that_part_go_on_alone_and_never_join_again()
    {
        // Whatever came before, the most probable token is the same: the greedy columns agree again after the draw that parted them.
        var model = new FakeModel { Script = history => [.. Enumerable.Range(0, 256).Select(id => (float)((id * 37 + history.Count * 11) % 23))] };
        using var engine = new GenerationEngine(Pieces);
        var greedy = Runs.Request(model, tokens: 6) with { Sampling = new SamplingOptions().With(TemperatureStage.Temperature, 0) };
        var other = greedy with { Sampling = greedy.Sampling.With(BadWordsStage.Words, ValueList.Create([BestAt(model, 4)])) };
        using var run = new ComparisonRun(engine, Comparisons.Of(greedy, other, greedy));
        var rounds = await run.ToEnd(Cancellation);
        Assert.Equal(0, run.FirstDifference);
        Assert.Equal((1, 2 * 5), (run.Forks, run.ForwardPasses));
        Assert.Equal(rounds[1].Steps[0]!.Id, rounds[1].Steps[1]!.Id);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, Pieces);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(1, 0)]
    [InlineData(8, 4)]
    public async Task Every_column_is_a_lone_run_bit_for_bit(int snapshotEvery, int idleSequences)
    {
        var options = new GenerationOptions { PromptChunk = 8, IdleSequences = idleSequences };
        using var engine = new GenerationEngine(options);
        var model = new FakeModel(endOfSequence: [10, 20, 30, 40]) { SnapshotEvery = snapshotEvery };
        var another = new FakeModel { Script = history => [.. Enumerable.Range(0, 256).Select(id => (float)Math.Sin(id * history.Count))] };
        var warm = Runs.Request(model, "A longer prompt of pieces", tokens: 30);

        // Twice: the second time all prompts are in the cache.
        for (var round = 0; round < 2; round++)
        {
            using var run = new ComparisonRun(engine, Comparisons.Of(
                warm,
                warm with { Sampling = Cool },
                warm with { Sampling = Mirostat },
                warm with { Sampling = Penalised, Stopping = new StoppingOptions { MaxNewTokens = 40, StopAtEndOfSequence = false } },
                warm with { Seed = 6, ForcedIds = [65, 66, 67] },
                warm with { Sampling = Mirostat, ContinuedIds = [1, 2, 3], SamplerState = 3 },
                warm with { PromptIds = [.. warm.PromptIds, 1], ContinuedIds = [2, 3] },
                warm with { Model = another }));
            var rounds = await run.ToEnd(Cancellation);
            Assert.Equal(40, rounds.Length);
            Assert.NotNull(run.FirstDifference);
            await Comparisons.AssertColumnsAreLoneRuns(run, rounds, options);
        }

        engine.Dispose();
        Assert.Equal(0, model.SessionsAlive + another.SessionsAlive);
    }

    [Fact]
    public async Task Random_columns_are_lone_runs()
    {
        var random = new Random(12);
        var models = new[] { new FakeModel(contextLength: 30), new FakeModel(endOfSequence: [1, 2, 3, 4, 5]) { SnapshotEvery = 5 } };
        SamplingOptions[] strategies = [Runs.Warm, Cool, Mirostat, Penalised, Runs.Warm.With(TemperatureStage.Temperature, 0), new SamplingOptions().With(MinNewTokensStage.Least, 5)];
        string[] prompts = ["Once", "Once upon a time", "Twice"];
        using var engine = new GenerationEngine(Pieces);
        var shared = 0;
        for (var round = 0; round < 40; round++)
        {
            using var run = new ComparisonRun(engine, Comparisons.Of([.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => Column())]));
            await Comparisons.AssertColumnsAreLoneRuns(run, await run.ToEnd(Cancellation), Pieces);
            shared += run.Columns.Sum(column => column.Steps.Count) > run.ForwardPasses ? 1 : 0;
        }

        Assert.InRange(shared, 10, 40);
        engine.Dispose();
        Assert.All(models, model => Assert.Equal(0, model.SessionsAlive));

        GenerationRequest Column() => Runs.Request(models[random.Next(2)], prompts[random.Next(3)], random.Next(1, 30), (ulong)random.Next(2)) with
        {
            Sampling = strategies[random.Next(strategies.Length)],
            ContinuedIds = random.Next(4) == 0 ? [7, 8] : [],
            ForcedIds = random.Next(4) == 0 ? [200, 201] : [],
        };
    }

    [Fact]
    public async Task The_same_tokens_in_other_pieces_are_not_the_same()
    {
        var model = new FakeModel();
        using var engine = new GenerationEngine(Pieces);
        var prompt = Runs.Request(model, "Once upon");
        var continued = prompt with { PromptIds = prompt.PromptIds[..4], ContinuedIds = prompt.PromptIds[4..] };
        using var run = new ComparisonRun(engine, Comparisons.Of(prompt, continued));
        var rounds = await run.ToEnd(Cancellation);
        Assert.NotEqual(rounds[0].Steps[0]!.Logit, rounds[0].Steps[1]!.Logit);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, Pieces);
    }

    [Fact]
    public async Task Ends_of_every_kind_leave_the_other_columns_alone()
    {
        var model = new FakeModel(contextLength: 22) { Script = FakeModel.Say("one\n\ntwo é€ three", 4) };
        var request = Runs.Request(model, "Once", tokens: 100);
        using var engine = new GenerationEngine(Pieces);
        using var run = new ComparisonRun(engine, Comparisons.Of(
            request with { Stopping = request.Stopping with { StopStrings = ["\n\n"] } },
            request with { Stopping = request.Stopping with { MaxNewTokens = 1 } },
            request with { Stopping = request.Stopping with { StopStrings = ["thrice"] } },
            request with { Stopping = request.Stopping with { StopTokenIds = ['w'] } },
            request with { Stopping = request.Stopping with { MaxNewTokens = 10 } }));
        var rounds = await run.ToEnd(Cancellation);
        FinishReason[] reasons = [FinishReason.StopString, FinishReason.Length, FinishReason.ContextFull, FinishReason.StopToken, FinishReason.Length];
        Assert.Equal(reasons, run.Columns.Select(column => column.Summary!.FinishReason));
        Assert.Equal("one", run.Columns[0].Summary!.Text);
        Assert.Equal(0, run.Forks);
        Assert.Equal(18, rounds.Length);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, Pieces);

        // The ends themselves are where texts part.
        Assert.Equal(1, run.FirstDifference);
        Assert.Equal(5, run.DifferenceOf(0, 2));
        Assert.Equal(5, run.DifferenceOf(2, 0));
        Assert.Equal(7, run.DifferenceOf(2, 3));
    }

    [Fact]
    public async Task A_column_that_fails_says_why_and_the_others_go_on()
    {
        var healthy = new FakeModel();
        var broken = new FakeModel { Script = history => history.Count < 9 ? null : throw new ModelRunException("broken") };
        var blind = new FakeModel { Script = history => history.Count < 7 ? null : [.. Enumerable.Repeat(float.NaN, 256)] };
        var dead = new FakeModel { OnForward = (_, _) => throw new ModelRunException("dead") };
        var request = Runs.Request(healthy);
        var everything = ValueList.Create([.. Enumerable.Range(0, 128).Select(id => ((char)id).ToString())]);
        var ascii = new FakeModel { Script = _ => [.. Enumerable.Range(0, 256).Select(id => id < 128 ? 1f : float.NegativeInfinity)] };
        using var engine = new GenerationEngine(Pieces);
        using var run = new ComparisonRun(engine, Comparisons.Of(
            request with { Model = broken },
            request,
            request with { Model = broken, Seed = 9 },
            request with { Model = blind },
            request with { Model = dead },
            request with { PromptIds = [256] },
            request with { PromptIds = [] },
            request with { Sampling = new SamplingOptions { Order = new StageOrder("no_such_stage") } },
            request with { Model = ascii, Sampling = new SamplingOptions().With(BadWordsStage.Words, everything) },
            request with { Model = ascii }));
        var rounds = await run.ToEnd(Cancellation);
        Assert.Equal(10, rounds.Length);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, Pieces);
        Assert.Equal([1, 9], run.Columns.Where(column => column.Error is null).Select(column => column.Index));
        Assert.IsType<ModelRunException>(run.Columns[0].Error);
        Assert.Equal(5, run.Columns[2].Steps.Count);
        Assert.Equal(1, healthy.SessionsAlive);
        Assert.Equal(0, broken.SessionsAlive + blind.SessionsAlive + dead.SessionsAlive);
    }

    [Fact]
    public async Task Where_every_column_fails_there_is_no_round()
    {
        var dead = new FakeModel { OnForward = (_, _) => throw new ModelRunException("dead") };
        using var engine = new GenerationEngine();
        using var run = new ComparisonRun(engine, Comparisons.Of(Runs.Request(dead), Runs.Request(dead, seed: 1)));
        Assert.Empty(await run.ToEnd(Cancellation));
        Assert.All(run.Columns, column => Assert.Equal("dead", column.Error!.Message));
        Assert.Equal(0, dead.SessionsAlive);
    }

    [Fact]
    public async Task Cancelling_leaves_what_is_there_and_sessions_that_work_on()
    {
        var model = new FakeModel();
        using var cancel = new CancellationTokenSource();
        var passes = 0;
        model.OnForward = (_, token) =>
        {
            if (++passes == 8)
                cancel.Cancel();
            token.ThrowIfCancellationRequested();
        };
        using var engine = new GenerationEngine();
        var request = Runs.Request(model);
        using var run = new ComparisonRun(engine, Comparisons.Of(request, request with { Seed = 6 }, request with { Seed = 7 }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.ToEnd(cancel.Token));
        Assert.All(run.Columns, column =>
        {
            Assert.Equal(FinishReason.Cancelled, column.Summary!.FinishReason);
            Assert.Equal(column.Steps.Count, column.Summary.NewTokens);
            Assert.NotEmpty(column.Steps);
            Assert.Null(column.Error);
        });
        Assert.Equal(1, model.SessionsAlive);

        model.OnForward = null;
        using var again = new ComparisonRun(engine, run.Request);
        await Comparisons.AssertColumnsAreLoneRuns(again, await again.ToEnd(Cancellation), new GenerationOptions());
    }

    [Fact]
    public async Task Leaving_early_sums_up_and_disposes_the_forks()
    {
        var model = new FakeModel();
        using var engine = new GenerationEngine();
        using var run = new ComparisonRun(engine, Comparisons.Of(Runs.Request(model), Runs.Request(model, seed: 6), Runs.Request(model, seed: 7)));
        await foreach (var round in run.WithCancellation(Cancellation))
        {
            if (round.Index == 3)
                break;
        }

        Assert.All(run.Columns, column => Assert.Equal((FinishReason.Cancelled, 4), (column.Summary!.FinishReason, column.Summary.NewTokens)));
        Assert.Equal(1, model.SessionsAlive);
    }

    [Fact]
    public async Task The_model_never_runs_on_the_callers_thread()
    {
        var model = new FakeModel();
        var threads = new HashSet<int>();
        model.OnForward = (_, _) => threads.Add(Environment.CurrentManagedThreadId);
        using var engine = new GenerationEngine();
        var caller = new SingleThread();
        await caller.Run(async () => await new ComparisonRun(engine, Comparisons.Of(Runs.Request(model), Runs.Request(model, seed: 2))).ToEnd());
        Assert.NotEmpty(threads);
        Assert.DoesNotContain(caller.ThreadId, threads);
    }

    [Fact]
    public async Task A_comparison_has_two_columns_or_more_and_can_be_enumerated_once()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel());
        Assert.Throws<SettingException>(() => new ComparisonRun(engine, Comparisons.Of(request)));
        Assert.Throws<SettingException>(() => new ComparisonRun(engine, new ComparisonRequest { Columns = default }));
        Assert.Throws<SettingException>(() => new ComparisonRun(engine, new ComparisonRequest { Columns = [.. Enumerable.Repeat(request, 65)] }));
        using var run = new ComparisonRun(engine, Comparisons.Of(request, request));
        await run.ToEnd(Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.ToEnd(Cancellation));
    }

    private static string BestAt(FakeModel model, int length)
    {
        var logits = model.Script!(new int[length])!;
        return ((char)Array.IndexOf(logits, logits.Take(128).Max())).ToString();
    }
}
