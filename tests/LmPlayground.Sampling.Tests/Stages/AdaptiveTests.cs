using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Stages;

public class AdaptiveTests
{
    private static readonly float[] Zipf = [.. Enumerable.Range(1, 2000).Select(rank => -1.1f * MathF.Log(rank))];

    [Theory]
    [InlineData("mirostat_v2", 3)]
    [InlineData("mirostat_v2", 5)]
    [InlineData("mirostat", 3)]
    [InlineData("mirostat", 5)]
    public void The_surprise_of_many_draws_is_what_was_asked_for(string stage, double tau)
    {
        var chain = new SamplerChain(Options(stage, tau));
        var surprise = 0.0;
        const int draws = 4000;
        for (var position = 0; position < draws; position++)
        {
            chain.Run(Zipf, new SamplingContext([0], 1, 7), trace: false);
            var draw = TokenSampler.Draw(chain.Candidates, 7, position);
            surprise -= Math.Log2(chain.Candidates.Probability(draw.Id));
            chain.Observe(draw);
        }

        Assert.Equal(tau, surprise / draws, 0.05 * tau);
    }

    [Fact]
    public void Mu_begins_at_twice_tau_and_moves_against_the_surprise()
    {
        var chain = new SamplerChain(Options("mirostat_v2", 1.5).With(MirostatV2Stage.Eta, 0.25));
        Assert.Equal(3, chain.State);
        chain.Run([0, 0, 0, 0], new SamplingContext([0], 1, 7));
        chain.Observe(chain.Candidates.Draw(0.4));
        Assert.Equal(3 - 0.25 * (2 - 1.5), chain.State!.Value, 1e-12);
    }

    [Fact]
    public void A_mu_of_whole_bits_keeps_the_tokens_of_just_that_surprise()
    {
        // Four equal tokens have 2 bits each; three have 1.585.
        var chain = new SamplerChain(Options("mirostat_v2", 1));
        chain.Run([0, 0, 0, 0, -9], new SamplingContext([0], 1, 7));
        Assert.Equal(4, chain.Candidates.Count);
        chain.State = -5;
        chain.Run([0, 1, 1, 0], new SamplingContext([0], 1, 7));
        Assert.Equal([1, 2], chain.Kept());
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Mirostat_1_keeps_as_many_as_its_formula_says(int seed)
    {
        var logits = HardLogits.Make(seed);
        var sorted = ReferenceSampler.Sorted(ReferenceSampler.Start(logits));
        foreach (var tau in new[] { 0.5, 2, 5 })
        {
            var kept = ChainRunner.Run(logits, MirostatStage.Tau, tau).Kept();
            var k = ReferenceK(sorted, 2 * tau, logits.Length);
            int[] possible =
            [
                .. new[] { k * (1 - 1e-9), k * (1 + 1e-9) }
                    .Select(value => ReferenceSampler.TopK(sorted, (int)Math.Clamp(value, 1, sorted.Count)).Count),
            ];
            Assert.Contains(kept.Length, possible);
            Assert.Equal(sorted.Take(kept.Length).Select(token => token.Id).Order(), kept);
        }
    }

    [Fact]
    public void A_state_that_is_taken_over_goes_on_as_the_run_it_came_from()
    {
        var (whole, head) = (new SamplerChain(Options("mirostat_v2", 2)), new SamplerChain(Options("mirostat_v2", 2)));
        for (var position = 0; position < 20; position++)
        {
            Step(whole, position);
            if (position < 10)
                Step(head, position);
        }

        var tail = new SamplerChain(Options("mirostat_v2", 2)) { State = head.State };
        for (var position = 10; position < 20; position++)
            Step(tail, position);
        Assert.Equal(whole.State, tail.State);
    }

    [Fact]
    public void Mirostat_takes_the_place_of_truncation_and_the_trace_says_so()
    {
        var options = new SamplingOptions { Order = StageOrder.Transformers.Including("mirostat").Including("mirostat_v2") }
            .With(TopKStage.K, 1).With(TemperatureStage.Temperature, 2).With(MirostatV2Stage.Tau, 5).With(MirostatStage.Tau, 5);
        var chain = ChainRunner.Run([3, 2, 1], options);
        Assert.Equal(["temperature", "top_k", "mirostat", "mirostat_v2"], chain.Traces.ToArray().Select(trace => trace.Stage));
        Assert.Equal("top-k 1 does not run: mirostat 1 takes its place", chain.Traces[1].InertReason);
        Assert.Equal("mirostat 2 5 does not run: mirostat 1 takes its place", chain.Traces[3].InertReason);
        Assert.Equal(3, chain.Candidates.Count);
    }

    [Fact]
    public void Dynamic_temperature_takes_the_place_of_the_fixed_one()
    {
        var options = new SamplingOptions { Order = StageOrder.Transformers.Including("dynamic_temperature") }
            .With(TemperatureStage.Temperature, 1.5).With(DynamicTemperatureStage.Range, 1);

        // Equal logits have the greatest entropy: T = 2.5. Two tokens of 3 to 1 have H / ln 2 = 0.8113.
        Assert.Equal(0, ChainRunner.Run([0, 0], options).Candidates.Logit(0));
        float[] logits = [MathF.Log(3), 0];
        var chain = ChainRunner.Run(logits, options);
        Assert.Equal(Math.Log(3) / (0.5 + 2 * 0.81127812), chain.Candidates.Logit(0), 1e-6);
        Assert.Contains("takes its place", chain.Traces[0].InertReason, StringComparison.Ordinal);

        var bent = ChainRunner.Run(logits, options.With(DynamicTemperatureStage.Exponent, 2));
        Assert.Equal(Math.Log(3) / (0.5 + 2 * 0.81127812 * 0.81127812), bent.Candidates.Logit(0), 1e-6);
        Assert.Equal(4 / 0.5, ChainRunner.Run([4], options).Candidates.Logit(0));
    }

    [Fact]
    public void A_dynamic_temperature_of_0_takes_the_likeliest_and_temperature_0_stays_greedy()
    {
        var options = new SamplingOptions { Order = StageOrder.Transformers.Including("dynamic_temperature") }
            .With(TemperatureStage.Temperature, 0.5).With(DynamicTemperatureStage.Range, 5);
        Assert.Equal([0], ChainRunner.Run([1000, 0], options).Kept());
        Assert.Equal([1], ChainRunner.Run([0, 1, 1], options.With(TemperatureStage.Temperature, 0)).Kept());
    }

    private static void Step(SamplerChain chain, int position)
    {
        chain.Run(Zipf, new SamplingContext([0], 1, 7));
        chain.Observe(TokenSampler.Draw(chain.Candidates, 7, position));
    }

    private static SamplingOptions Options(string stage, double tau) =>
        ChainRunner.Only(SamplingStages.Find(stage)!.Parameters[0], tau);

    private static double ReferenceK(List<(int Id, double Logit)> sorted, double mu, int vocabulary)
    {
        if (sorted.Count == 1)
            return 1;
        double above = 0, below = 0;
        for (var i = 0; i < Math.Min(100, sorted.Count) - 1; i++)
        {
            var t = Math.Log((i + 2.0) / (i + 1));
            above += t * (sorted[i].Logit - sorted[i + 1].Logit);
            below += t * t;
        }

        var s = above / below;
        var e = s - 1;
        var first = e * Math.Pow(2, mu) / (1 - Math.Pow(vocabulary, -e));
        return s == 0 ? (first >= 1 ? sorted.Count : 1) : Math.Pow(first, 1 / s);
    }
}
