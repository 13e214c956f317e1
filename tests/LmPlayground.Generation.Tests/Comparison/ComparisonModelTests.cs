using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests.Comparison;

/// <summary>The same with real models: growing and shared caches, recurrent states, windows, counts.</summary>
public sealed class ComparisonModelTests
{
    private static readonly SamplingOptions Mirostat = new SamplingOptions { Order = StageOrder.Transformers.Including("mirostat") }
        .With(MirostatStage.Tau, 3);

    public static TheoryData<string> Embedded => ["transformer", "lstm", "feedforward", "characters", "ngram"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Embedded))]
    public async Task Every_column_is_a_lone_run_bit_for_bit(string id)
    {
        using var catalog = EmbeddedFolder.Open();
        await AssertColumns((await catalog.LoadAsync(id, Cancellation)).AsLanguageModel());
    }

    [Fact]
    public async Task Every_column_is_a_lone_run_where_a_fork_copies_a_shared_buffer()
    {
        var directory = SharedFiles.SmolLm2;
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { directory } });
        await AssertColumns((await catalog.LoadAsync(directory, Cancellation)).AsLanguageModel());
    }

    [Fact]
    public async Task Models_go_on_side_by_side_and_have_distances_where_their_vocabulary_is_one()
    {
        using var catalog = EmbeddedFolder.Open();
        var requests = new List<GenerationRequest>();
        foreach (var id in new[] { "transformer", "lstm", "characters" })
            requests.Add(Runs.Request((await catalog.LoadAsync(id, Cancellation)).AsLanguageModel(), "Once upon a time", tokens: 6));
        using var engine = new GenerationEngine();
        using var run = new ComparisonRun(engine, Comparisons.Of([.. requests]));
        var rounds = await run.ToEnd(Cancellation);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, new GenerationOptions());
        var distance = run.Distance(0, 1, 0, Cancellation)!;
        Assert.True(distance.HaveSameTokensBefore);
        Assert.InRange(distance.Model.JensenShannon, double.Epsilon, 1);
        Assert.True(double.IsFinite(distance.Model.KullbackLeibler));
        Assert.Null(run.Distance(0, 2, 0, Cancellation));
        Assert.NotNull(run.FirstDifference);
    }

    [Theory]
    [MemberData(nameof(Embedded))]
    public async Task A_text_scores_what_its_run_found_it_to_be(string id)
    {
        using var catalog = EmbeddedFolder.Open();
        var model = (await catalog.LoadAsync(id, Cancellation)).AsLanguageModel();
        using var engine = new GenerationEngine(new GenerationOptions { PromptChunk = 16 });
        var greedy = new SamplingOptions().With(TemperatureStage.Temperature, 0);
        using var run = engine.Generate(Runs.Request(model, "Once upon a time", tokens: 40) with { Sampling = greedy });
        var steps = await run.ToEnd(Cancellation);
        var score = await engine.ScoreAsync(model, "Once upon a time", run.Summary!.Text, Cancellation);
        Assert.Equal(run.Summary.Text, score.Text);
        var common = steps.Zip(score.Tokens).TakeWhile(pair => pair.First.Id == pair.Second.Id).ToList();

        // Tokens that were drawn one by one need not be those that the tokenizer would choose, but most are.
        Assert.InRange(common.Count, 8, 40);
        Assert.All(common, pair => Assert.Equal(pair.First.Surprisal, pair.Second.Surprisal, 1e-3));
    }

    [Fact]
    public async Task A_token_that_straddles_the_border_is_scored_with_its_whole_text()
    {
        using var catalog = EmbeddedFolder.Open();
        var model = (await catalog.LoadAsync("transformer", Cancellation)).AsLanguageModel();
        using var engine = new GenerationEngine();
        var spaceAfter = await engine.ScoreAsync(model, "Once upon a ", "time", Cancellation);
        var spaceBefore = await engine.ScoreAsync(model, "Once upon a", " time", Cancellation);
        Assert.Equal((" time", 1, 5), (spaceAfter.Text, spaceAfter.FromPrompt, spaceAfter.Characters));
        Assert.Equal((" time", 0), (spaceBefore.Text, spaceBefore.FromPrompt));
        Assert.Equal(spaceBefore.TotalBits, spaceAfter.TotalBits);

        // The letters of an emoji's bytes stay together.
        var emoji = await engine.ScoreAsync(model, "I like ", "😀 and", Cancellation);
        Assert.EndsWith("😀 and", emoji.Text, StringComparison.Ordinal);
        Assert.Equal(emoji.Text.EnumerateRunes().Count(), emoji.Characters);
    }

    private static async Task AssertColumns(ILanguageModel model)
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(model, "Once upon a time", tokens: 16);
        using var run = new ComparisonRun(engine, Comparisons.Of(
            request,
            request with { Sampling = request.Sampling.With(TemperatureStage.Temperature, 0.5) },
            request with { Sampling = Mirostat },
            request with { Seed = 6 },
            request));
        var rounds = await run.ToEnd(Cancellation);
        Assert.NotNull(run.FirstDifference);
        Assert.InRange(run.Forks, 1, 3);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, new GenerationOptions());
        engine.Forget(model);
    }
}
