using LmPlayground.Runs.Settings;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Sharing.Reading;
using LmPlayground.Sharing.Tests.Support;

namespace LmPlayground.Sharing.Tests.Inspection;

public class DemoSamplerTests
{
    private const double MostPenalty = 1.3;

    private static readonly (string Name, Func<Random, SamplingOptions> Options)[] Kinds =
    [
        ("temperature", random => Warm(random)),
        ("top_k", random => Warm(random).With(TopKStage.K, random.Next(1, 60))),
        ("top_p", random => Warm(random).With(TopPStage.P, random.NextDouble())),
        ("min_p", random => Warm(random).With(MinPStage.P, random.NextDouble() * 0.3)),
        ("typical_p", random => Warm(random).With(TypicalPStage.P, random.NextDouble())),
        ("epsilon_cutoff", random => Warm(random).With(EpsilonCutoffStage.Epsilon, random.NextDouble() * 0.02)),
        ("xtc", random => Warm(random).With(XtcStage.Probability, 0.5).With(XtcStage.Threshold, random.NextDouble() * 0.3) with { Order = StageOrder.LlamaCpp }),
        ("top_k and top_p", random => Warm(random).With(TopKStage.K, random.Next(1, 60)).With(TopPStage.P, random.NextDouble())),
        ("min_p and top_p as llama.cpp", random => Warm(random).With(MinPStage.P, random.NextDouble() * 0.2).With(TopPStage.P, random.NextDouble()) with { Order = StageOrder.LlamaCpp }),
        ("penalties", random => Warm(random).With(RepetitionPenaltyStage.Penalty, 1 + (random.NextDouble() * (MostPenalty - 1))).With(TopPStage.P, random.NextDouble())),
    ];

    public static TheoryData<string> Names => [.. Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_answered_on_random_logits_is_within_the_bound(string kind)
    {
        var measured = new Measured();
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var logits = RandomLogits(random);
            int[] history = [.. Enumerable.Range(0, 12).Select(_ => random.Next(logits.Length))];
            measured.Check(logits, history, Options(kind)(random), random.NextDouble(), chosen: random.Next(logits.Length), listed: 20);
        }

        measured.Report(kind, least: kind is "penalties" or "typical_p" ? 0.1 : 0.4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_answered_on_a_real_run_is_within_the_bound(string kind)
    {
        await using var bench = new DemoBench();
        var (run, detail) = await bench.RunAsync(DemoRequests.Text("transformer", "Once upon a time", 60).With(StageSettings.Of(TemperatureStage.Temperature), 1.2));
        var measured = new Measured();
        for (var index = 0; index < detail.Steps.Count; index++)
        {
            var random = new Random(index);
            var logits = await run.Review.LogitsAsync(index, DemoBench.Cancellation);
            int[] history = [.. detail.PromptIds, .. detail.Steps.Take(index).Select(step => step.Id)];
            for (var time = 0; time < 8; time++)
                measured.Check(logits, history, Options(kind)(random), detail.Steps[index].Draw.U, detail.Steps[index].Id, listed: 20);
        }

        measured.Report(kind, least: kind is "penalties" ? 0.2 : 0.5);
    }

    [Fact]
    public async Task A_shared_run_answers_for_its_own_settings_what_it_shows()
    {
        await using var bench = new DemoBench();
        var demo = SharedDemoReader.Read(DemoJson.Write(await bench.DemoAsync(DemoRequests.Text("transformer", "Once upon a time", 40))));
        var run = demo.Runs[0];
        var steps = DemoTokens.Of(demo, run);
        var outcomes = new DemoReview(demo, run).Compare(run.Strategy.Sampling(new SamplingOptions()));
        Assert.InRange(outcomes.Count(outcome => outcome.IsKnown), 30, 40);
        foreach (var (step, outcome) in steps.Zip(outcomes).Where(pair => pair.Second.IsKnown))
        {
            Assert.Equal(step.Top.Select(candidate => candidate.RemovedBy), outcome.RemovedBy);
            foreach (var (candidate, sampled) in step.Top.Zip(outcome.Sampled))
                Assert.Equal(candidate.SampledProbability, sampled, DemoOutcome.Bound);
            Assert.True(outcome.DrawnId is null || outcome.DrawnId == step.Draw.Id);
        }
    }

    [Theory]
    [InlineData("dynamic_temperature")]
    [InlineData("tfs_z")]
    [InlineData("top_n_sigma")]
    [InlineData("eta_cutoff")]
    [InlineData("mirostat")]
    [InlineData("mirostat_v2")]
    [InlineData("dry")]
    [InlineData("logit_bias")]
    public void A_stage_that_needs_more_than_a_demo_has_is_not_answered(string name)
    {
        var stage = SamplingStages.Find(name)!;
        var options = stage.Parameters.Aggregate(new SamplingOptions(), (current, number) => current.With(number, number.Clamp(number.Default == 0 ? Math.Min(number.SliderMaximum, 0.5) : number.Default / 2)));
        options = stage.Texts.Aggregate(options, (current, texts) => current.With(texts, [texts.Example]));
        options = options with { Order = options.Order.Including(stage.Name) };
        Assert.True(stage.IsOn(options));
        var outcome = new DemoSampler().Run(DemoLogits.Quantise(RandomLogits(new Random(1))), options, new SamplingContext([], 0, 1), 0.5);
        Assert.Equal((DemoUnknown.Stage, stage.Name), (outcome.Unknown, outcome.Stage));
    }

    [Fact]
    public void Texts_penalties_after_a_truncation_and_a_demo_without_histograms_are_not_answered()
    {
        var logits = DemoLogits.Quantise(RandomLogits(new Random(1)));
        var texts = new SamplingOptions().With(SamplingStages.Texts.First(text => text.Name == "bad_words"), ["x"]);
        Assert.Equal("bad_words", new DemoSampler().Run(logits, texts, new SamplingContext([], 0, 1), 0.5).Stage);
        var late = new SamplingOptions { Order = new StageOrder("top_k", "repetition_penalty") }.With(TopKStage.K, 3).With(RepetitionPenaltyStage.Penalty, 1.2);
        Assert.Equal("repetition_penalty", new DemoSampler().Run(logits, late, new SamplingContext([1], 1, 1), 0.5).Stage);
        Assert.Equal("repetition_penalty", new DemoSampler().Run(logits, late with { Order = StageOrder.Transformers }, new SamplingContext([], 0, 1), 0.5, hasHistory: false).Stage);
    }

    [Theory]
    [InlineData(3, 20)]
    [InlineData(1, 0)]
    [InlineData(500, 20)]
    public void Counts_masses_and_the_order_survive_rounding(int size, int listed)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            float[] logits = [.. Enumerable.Range(0, size).Select(_ => random.Next(4) == 0 ? 1.5f : (float)(random.NextDouble() * 12))];
            if (size > 3)
                logits[random.Next(size)] = float.NegativeInfinity;
            var chosen = Enumerable.Range(0, size).First(id => float.IsFinite(logits[id]));
            var kept = DemoLogits.Quantise(logits, listed, chosen);
            Assert.Equal(size, kept.Ids.Length + kept.Tail.Sum(bin => bin.Count) + kept.RuledOut);
            foreach (var shape in Enum.GetValues<DemoTailShape>())
            {
                var restored = new float[size];
                kept.Restore(restored, shape);
                Assert.DoesNotContain(restored, float.IsNaN);
                Assert.Equal(logits.Count(float.IsNegativeInfinity), restored.Count(float.IsNegativeInfinity));
                var order = new int[kept.Ordered];
                TokenRanking.Top(restored, order);
                Assert.Equal(kept.Ids.Take(kept.Ordered), order);
                Assert.Equal(MassOf(logits), MassOf(restored), MassOf(logits) * 0.01);
            }
        }
    }

    private static double MassOf(float[] logits) => logits.Sum(logit => Math.Exp(logit - logits.Max()));

    private static Func<Random, SamplingOptions> Options(string kind) => Kinds.First(known => known.Name == kind).Options;

    private static SamplingOptions Warm(Random random) =>
        new SamplingOptions().With(TemperatureStage.Temperature, random.Next(6) switch { 0 => 0, 1 => 1, _ => 0.3 + (random.NextDouble() * 1.2) });

    /// <summary>Logits as a model has them: few high, many low; sometimes flat, sometimes sure.</summary>
    private static float[] RandomLogits(Random random)
    {
        var (size, spread) = (random.Next(50, 3000), 1 + (random.NextDouble() * 4));
        return [.. Enumerable.Range(0, size).Select(_ => (float)(spread * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    /// <summary>Compares answers with what the chain does over all logits.</summary>
    private sealed class Measured
    {
        private int _known;
        private int _asked;
        private int _drawn;
        private double _worst;

        internal void Check(float[] logits, int[] history, SamplingOptions options, double u, int chosen, int listed)
        {
            var kept = DemoLogits.Quantise(logits, listed, chosen);
            var context = new SamplingContext(history, history.Length, 5);
            var outcome = new DemoSampler().Run(kept, options, context, u);
            _asked++;
            if (!outcome.IsKnown)
                return;
            _known++;
            var chain = new SamplerChain(options);
            chain.Run(logits, context, trace: false);
            Assert.Equal(kept.Ids.Select(chain.RemovedBy), outcome.RemovedBy);
            foreach (var (id, sampled) in kept.Ids.Zip(outcome.Sampled))
            {
                var off = Math.Abs(chain.Candidates.Probability(id) - sampled);
                Assert.True(off <= DemoOutcome.Bound, $"{string.Join(' ', options.Names.Select(name => $"{name}"))}: {chain.Candidates.Probability(id)} is shown as {sampled}");
                _worst = Math.Max(_worst, off);
            }

            if (outcome.DrawnId is { } drawn)
            {
                Assert.Equal(chain.Candidates.Draw(u).Id, drawn);
                _drawn++;
            }
        }

        internal void Report(string kind, double least)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {_known} of {_asked} known, {_drawn} with their draw, off by {_worst:G3} at most");
            Assert.True(_known >= least * _asked, $"{_known} of {_asked} are known");
        }
    }
}
