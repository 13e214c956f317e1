using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests.Search;

public class BestOfTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_sample_is_the_run_of_its_seed_and_the_likeliest_comes_first(bool adapts)
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel(endOfSequence: [10, 20, 30, 40, 50]);
        var request = Runs.Request(model, tokens: 12);
        if (adapts)
        {
            // A stage that follows the draws, and one that must know the model's tokens.
            var order = StageOrder.Transformers.Including("mirostat_v2");
            request = request with
            {
                Sampling = new SamplingOptions { Order = order }.With(MirostatV2Stage.Tau, 3).With(MinNewTokensStage.Least, 4),
            };
        }

        var last = await new BestOfN(engine, request, new BestOfOptions { Count = 8, NumReturnSequences = 8 }).LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 8), last.Returned.Select(beam => beam.Group).Order());
        foreach (var beam in last.Returned)
        {
            using var run = engine.Generate(request with { Seed = request.Seed + (ulong)beam.Group });
            var steps = await run.ToEnd(TestContext.Current.CancellationToken);
            Assert.Equal(steps.Select(step => step.Id), beam.Ids);
            Assert.Equal(steps[^1].FinishReason, beam.FinishReason);
            Assert.Equal(run.Summary!.Text, beam.Text);
            Assert.Equal(steps.Average(step => -step.Surprisal * Math.Log(2)), beam.Score, 1e-9);
        }

        Assert.Equal(last.Returned.Select(beam => beam.Score).OrderDescending(), last.Returned.Select(beam => beam.Score));
        Assert.True(last.Returned.Select(beam => beam.Ids.Length).Distinct().Count() > 1);
    }

    [Fact]
    public async Task Samples_that_agree_share_the_pass()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        var greedy = new SamplingOptions().With(TemperatureStage.Temperature, 0);
        var run = new BestOfN(engine, Runs.Request(model) with { Sampling = greedy }, new BestOfOptions { Count = 6, NumReturnSequences = 6 });
        var steps = await run.ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal((9, 0), (run.ForwardPasses, run.Forks));
        Assert.All(steps.SkipLast(1), step => Assert.Single(step.Live));
        Assert.Equal(6, steps[^1].Returned.Length);
    }

    [Theory]
    [InlineData(0, 1, "best_of")]
    [InlineData(1025, 1, "best_of")]
    [InlineData(3, 4, "num_return_sequences")]
    public void Wrong_options_are_named(int count, int returned, string name)
    {
        using var engine = new GenerationEngine();
        var options = new BestOfOptions { Count = count, NumReturnSequences = returned };
        var error = Assert.Throws<SettingException>(() => new BestOfN(engine, Runs.Request(new FakeModel()), options));
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
    }
}
