using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests.Comparison;

/// <summary>What is asked of a comparison afterwards, from the logits that it kept: reviews, distances, checks.</summary>
public class ComparisonReviewTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Columns_that_agree_keep_their_logits_once()
    {
        const int tokens = 10;
        var memory = new GenerationOptions { KeptLogitsBytes = tokens * FakeModel.VocabularySize * sizeof(float) };
        using var engine = new GenerationEngine(memory);
        var model = new FakeModel();
        var request = Runs.Request(model, tokens: tokens);
        var run = new ComparisonRun(engine, Comparisons.Of(request, request, request));
        await run.ToEnd(Cancellation);
        var forwards = model.Forwards;
        for (var column = 0; column < 3; column++)
            Assert.Equal(tokens, run.Review(column).Compare(Runs.Warm, Cancellation).Length);

        // One column lets go, and the others still have theirs.
        run.Columns[0].Logits.Dispose();
        Assert.Equal(tokens, run.Review(1).Compare(Runs.Warm, Cancellation).Length);
        run.Dispose();
        run.Dispose();
        Assert.Empty(run.Review(1).Compare(Runs.Warm, Cancellation));
        Assert.Equal(forwards, model.Forwards);
    }

    [Fact]
    public void A_shared_step_is_freed_when_the_last_of_its_runs_lets_it_go()
    {
        const int step = FakeModel.VocabularySize * sizeof(float);
        using var store = new LogitsStore(10 * step);
        RunLogits first = new(store), second = new(store), third = new(store);
        var logits = new float[FakeModel.VocabularySize];
        for (var i = 0; i < 3; i++)
        {
            var slot = first.Add(logits);
            second.Share(slot);
            third.Share(slot);
        }

        Assert.Equal(3 * step, store.Bytes);
        first.Dispose();
        first.Dispose();
        second.Dispose();
        Assert.Equal(3 * step, store.Bytes);
        Assert.True(third.TryCopy(2, logits));
        third.Dispose();
        Assert.Equal(0, store.Bytes);
        third.Share(null);
        Assert.False(third.TryCopy(0, logits));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(2)]
    public async Task Each_column_can_be_reviewed_as_a_run_can(int keptSteps)
    {
        var memory = new GenerationOptions { KeptLogitsBytes = keptSteps * FakeModel.VocabularySize * sizeof(float) };
        using var engine = new GenerationEngine(memory);
        var mirostat = new SamplingOptions { Order = StageOrder.Transformers.Including("mirostat_v2") }.With(MirostatV2Stage.Tau, 2);
        var request = Runs.Request(new FakeModel(), tokens: 8);
        using var run = new ComparisonRun(engine, Comparisons.Of(request, request with { Sampling = mirostat }, request with { Seed = 6 }));
        await run.ToEnd(Cancellation);
        foreach (var column in run.Columns)
        {
            for (var index = 0; index < column.Steps.Count; index++)
            {
                var review = run.Review(column.Index);
                Comparisons.AssertEqual(column.Steps[index], review.Inspect(index, column.Request.Sampling, Cancellation));
                var distribution = review.Distribution(index, null, Cancellation);
                Assert.Equal(1, distribution.Model.Sum(), 1e-9);
                Assert.Equal(1, distribution.Sampled.Sum(), 1e-9);
                foreach (var candidate in column.Steps[index].Top)
                {
                    Assert.Equal(candidate.Probability, distribution.Model[candidate.Id], 1e-12);
                    Assert.Equal(candidate.SampledProbability, distribution.Sampled[candidate.Id]);
                }
            }
        }
    }

    [Fact]
    public async Task Distances_are_of_strategies_while_texts_agree_and_of_everything_after()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel(), tokens: 12) with { Sampling = new SamplingOptions() };
        var narrow = request.Sampling.With(TopKStage.K, 8);
        using var run = new ComparisonRun(engine, Comparisons.Of(request, request with { Sampling = narrow }, request));
        await run.ToEnd(Cancellation);
        var parted = run.DifferenceOf(0, 1)!.Value;
        for (var index = 0; index < 12; index++)
        {
            var distance = run.Distance(0, 1, index, Cancellation)!;
            Assert.Equal(index <= parted, distance.HaveSameTokensBefore);
            Assert.Equal(index <= parted, distance.Model == default);

            // What the narrow strategy rules out, the wide one may draw.
            Assert.Equal(double.PositiveInfinity, distance.Sampled.KullbackLeibler);
            Assert.True(double.IsFinite(distance.Sampled.ReverseKullbackLeibler));
            var back = run.Distance(1, 0, index, Cancellation)!;
            Assert.Equal(double.PositiveInfinity, back.Sampled.ReverseKullbackLeibler);
            Assert.Equal(distance.Sampled.JensenShannon, back.Sampled.JensenShannon, 1e-12);

            // The mass that top-k removes is the total variation, for then all others only grow.
            if (index <= parted)
                Assert.Equal(run.Columns[1].Steps[index].Stages[0].RemovedMass, distance.Sampled.TotalVariation, 1e-6);
            Assert.Equal((default, default), (run.Distance(0, 2, index, Cancellation)!.Model, run.Distance(0, 2, index, Cancellation)!.Sampled));
        }

        Assert.Null(run.Distance(0, 1, 12, Cancellation));
    }

    [Fact]
    public async Task Models_of_different_vocabularies_have_no_distance_and_part_by_their_texts()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel { Script = FakeModel.Say("one two", 4) };
        var twin = new FakeModel { Script = model.Script };

        // Its ids are one more than the bytes: what it says is "one too".
        var shifted = new FakeModel { Script = FakeModel.Say("pof!upp", 4), Tokenizer = FakeModel.ShiftedTokenizer(1) };
        var request = Runs.Request(model, tokens: 7);
        using var run = new ComparisonRun(engine, Comparisons.Of(
            request,
            request with { Model = twin },
            request with { Model = shifted },
            request with { Stopping = request.Stopping with { MaxNewTokens = 3 } }));
        await run.ToEnd(Cancellation);
        Assert.Equal("one too", run.Columns[2].Summary!.Text);
        Assert.Equal(default, run.Distance(0, 1, 3, Cancellation)!.Sampled);
        Assert.Null(run.DifferenceOf(0, 1));
        Assert.Null(run.Distance(0, 2, 3, Cancellation));
        Assert.Equal((5, 5), (run.DifferenceOf(0, 2), run.DifferenceOf(2, 0)));
        Assert.Equal((3, 3), (run.DifferenceOf(2, 3), run.DifferenceOf(3, 2)));
        Assert.Equal(3, run.FirstDifference);
    }

    [Fact]
    public async Task Draws_of_a_step_agree_with_what_it_is_drawn_from()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        using var run = engine.Generate(Runs.Request(model, tokens: 40) with { Sampling = new SamplingOptions() });
        var steps = await run.ToEnd(Cancellation);
        var review = new RunReview(run, steps);
        var pValues = new List<double>();
        for (var index = 0; index < steps.Length; index++)
        {
            var check = review.Check(index, 20_000, null, Cancellation);
            Assert.Equal(20_000, check.Cells.Sum(cell => cell.Count) + check.Rest.Count);
            Assert.Equal(20_000, check.Cells.Sum(cell => cell.Expected) + check.Rest.Expected, 1e-6);
            Assert.Equal(FakeModel.VocabularySize, check.Cells.Length + check.Rest.Tokens);
            Assert.All(check.Cells, cell => Assert.True(cell.Expected >= 5));
            Assert.Equal(check.Cells.Length - (check.Rest.Expected >= 5 ? 0 : 1), check.Test.DegreesOfFreedom);
            Assert.Equal(check.Cells.OrderByDescending(cell => cell.Probability).Select(cell => cell.Id), check.Cells.Select(cell => cell.Id));
            pValues.Add(check.Test.PValue);
        }

        // Under the right theory p-values are uniform: their mean is 1/2 within five standard errors, and none is beyond belief.
        Assert.Equal(0.5, pValues.Average(), 5 / Math.Sqrt(12 * 40));
        Assert.All(pValues, value => Assert.InRange(value, 1e-5, 1 - 1e-5));
    }

    [Fact]
    public async Task A_check_repeats_and_disturbs_nothing()
    {
        using var engine = new GenerationEngine();
        using var run = engine.Generate(Runs.Request(new FakeModel()));
        var steps = await run.ToEnd(Cancellation);
        var review = new RunReview(run, steps);
        var first = review.Check(3, 5000, null, Cancellation);
        Assert.Equal(first.Cells, review.Check(3, 5000, null, Cancellation).Cells);
        Assert.NotEqual(first.Cells, review.Check(3, 5000, new SamplingOptions(), Cancellation).Cells);
        Comparisons.AssertEqual(steps[3], review.Inspect(3, Runs.Warm, Cancellation));

        // Greedy: one token, nothing to test.
        var greedy = review.Check(3, 1000, new SamplingOptions().With(TemperatureStage.Temperature, 0), Cancellation);
        Assert.Equal((1000, 0, 1.0), (Assert.Single(greedy.Cells).Count, greedy.Rest.Tokens, greedy.Test.PValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => review.Check(3, 0, null, Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => review.Check(3, EmpiricalCheck.MostDraws + 1, null, Cancellation));
        Assert.ThrowsAny<OperationCanceledException>(() => review.Check(3, 1000, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_table_of_a_check_draws_what_the_sampler_draws()
    {
        var random = new Random(4);
        foreach (var size in new[] { 1, 7, 5000 })
        {
            var chain = new SamplerChain(new SamplingOptions().With(TemperatureStage.Temperature, 0.7).With(TopKStage.K, size == 5000 ? 900 : 0));

            // Few different logits: many ties, whose order is by id.
            float[] logits = [.. Enumerable.Range(0, size).Select(_ => (float)random.Next(40) / 8)];
            chain.Run(logits, new SamplingContext([], 0, 0));
            var tally = new TokenTally(chain.Candidates);
            for (var draw = 0; draw < 2000; draw++)
            {
                var u = random.NextDouble();
                Assert.Equal(chain.Candidates.Draw(u).Id, tally.IdAt(u));
            }

            Assert.Equal(chain.Candidates.Draw(Math.BitDecrement(1)).Id, tally.IdAt(Math.BitDecrement(1)));
        }
    }
}
