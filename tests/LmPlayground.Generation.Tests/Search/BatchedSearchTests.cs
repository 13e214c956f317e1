using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests.Search;

/// <summary>A search whose sequences run together gives what it gives when they run one by one, bit for bit.</summary>
public sealed class BatchedSearchTests
{
    public static TheoryData<string, string> Searches => new MatrixTheoryData<string, string>(
        ["transformer", "lstm", "feedforward", "characters", "ngram"], ["beams", "groups", "samples"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Sequences_in_a_batch_are_those_of_sessions(string id, string kind)
    {
        using var catalog = EmbeddedFolder.Open();
        await AssertSame((await catalog.LoadAsync(id, Cancellation)).AsLanguageModel(), kind);
    }

    [Theory]
    [InlineData("beams")]
    [InlineData("samples")]
    public async Task So_are_they_in_a_shared_buffer(string kind)
    {
        var directory = SharedFiles.SmolLm2;
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { directory } });
        await AssertSame((await catalog.LoadAsync(directory, Cancellation)).AsLanguageModel(), kind);
    }

    [Theory]
    [InlineData("falcon")]
    [InlineData("gpt_neox")]
    [InlineData("gemma")]
    public async Task Where_rows_round_otherwise_they_are_not_used(string name)
    {
        var directory = TestFiles.Zoo(name);
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { directory } });
        await AssertSame((await catalog.LoadAsync(directory, Cancellation)).AsLanguageModel(), "groups");
    }

    [Theory]
    [InlineData("beams")]
    [InlineData("groups")]
    [InlineData("samples")]
    public async Task All_live_sequences_are_read_in_one_run_of_the_model(string kind)
    {
        var inner = new FakeModel(endOfSequence: [10, 20, 30]);
        var model = new BatchingModel(inner);
        using var engine = new GenerationEngine();
        var run = Start(engine, model, kind);
        var steps = await run.ToEnd(Cancellation);
        Assert.Equal(steps.SkipLast(1).Select(step => step.Live.Length), model.Runs);
        Assert.Equal(run.ForwardPasses, model.Runs.Sum());
        Assert.Equal(1, inner.SessionsAlive);
    }

    [Theory]
    [InlineData("beams")]
    [InlineData("samples")]
    public async Task A_search_that_is_cancelled_inside_a_batch_leaves_no_session(string kind)
    {
        var inner = new FakeModel();
        var model = new BatchingModel(inner);
        using var cancel = new CancellationTokenSource();
        model.OnBatch = (_, token) =>
        {
            if (model.Runs.Count == 3)
                cancel.Cancel();
            token.ThrowIfCancellationRequested();
        };
        using var engine = new GenerationEngine();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Start(engine, model, kind).ToEnd(cancel.Token));
        Assert.Equal(3, model.Runs.Count);
        Assert.Equal(1, inner.SessionsAlive);
    }

    private static async Task AssertSame(ILanguageModel model, string kind)
    {
        Assert.IsType<IBatchingModel>(model, exactMatch: false);
        using var engine = new GenerationEngine();
        var alone = new LoneModel(model);
        var expected = await Start(engine, alone, kind).ToEnd(Cancellation);
        var run = Start(engine, model, kind);
        var actual = await run.ToEnd(Cancellation);
        Assert.Equal(expected.Select(Describe), actual.Select(Describe));
        engine.Forget(alone);
        engine.Forget(model);
    }

    private static string Describe(BeamStep step) => string.Join('\n', step.Live.Concat(step.Finished).Concat(step.Returned).Select(Describe));

    private static string Describe(Beam beam) => FormattableString.Invariant(
        $"{string.Join(' ', beam.Ids)}: {beam.Sum:R} {beam.Score:R} {string.Join(' ', beam.LogProbabilities.Select(BitConverter.DoubleToInt64Bits))} {beam.Parent} {beam.Group}");

    private static SearchRun Start(GenerationEngine engine, ILanguageModel model, string kind)
    {
        var request = Runs.Request(model, "Once upon a time", tokens: 16) with { Sampling = kind == "samples" ? Runs.Warm : new SamplingOptions() };
        return kind switch
        {
            "beams" => new BeamSearch(engine, request, new BeamSearchOptions { NumReturnSequences = 4 }),
            "groups" => new BeamSearch(engine, request, new BeamSearchOptions { NumBeams = 6, NumBeamGroups = 2, DiversityPenalty = 1, NumReturnSequences = 4 }),
            _ => new BestOfN(engine, request, new BestOfOptions { Count = 5, NumReturnSequences = 4 }),
        };
    }
}
