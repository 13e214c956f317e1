using LmPlayground.Sampling.Random;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Stages;

/// <summary>The edges of the rules, by hand.</summary>
public class TruncationEdgeTests
{
    private static readonly float[] Halves = [.. Enumerable.Range(0, 6).Select(i => -i * MathF.Log(2))];

    [Fact]
    public void Min_p_of_1_keeps_the_ties_with_the_maximum() =>
        Assert.Equal([1, 2], ChainRunner.Run([1, 4, 4, 3.9999f], MinPStage.P, 1).Kept());

    [Fact]
    public void Cuts_by_probability_keep_the_maximum_and_its_ties_whatever_the_limit()
    {
        float[] logits = [0, 2, 2, 1];
        Assert.Equal([1, 2], ChainRunner.Run(logits, EpsilonCutoffStage.Epsilon, 1).Kept());
        Assert.Equal([1, 2], ChainRunner.Run(logits, EtaCutoffStage.Epsilon, 1).Kept());
        Assert.Equal([1, 2], ChainRunner.Run(logits, MirostatV2Stage.Tau, 1e-9).Kept());
    }

    [Fact]
    public void Eta_is_the_least_of_eps_and_its_root_times_e_to_minus_the_entropy()
    {
        // Sixteen equal tokens have p = 1/16 and e^-H = 1/16: eta = min(eps, sqrt(eps) / 16), always below p.
        Assert.Equal(16, ChainRunner.Run(new float[16], EtaCutoffStage.Epsilon, 0.9).Candidates.Count);

        // p = 0.98, 0.02: sqrt(0.05) e^-0.098 = 0.203 > 0.05, so eta is 0.05.
        float[] logits = [MathF.Log(0.98f), MathF.Log(0.02f)];
        Assert.Equal([0], ChainRunner.Run(logits, EtaCutoffStage.Epsilon, 0.05).Kept());
        Assert.Equal([0, 1], ChainRunner.Run(logits, EtaCutoffStage.Epsilon, 0.019).Kept());
    }

    [Fact]
    public void Top_n_sigma_does_not_depend_on_the_temperature_and_ignores_masked_tokens()
    {
        // mean 3, population sigma sqrt(5): 8 - 1.1 * 2.236 = 5.54, 8 - 2.3 * 2.236 = 2.86.
        float[] logits = [8, 1, float.NegativeInfinity, 2, 3, 4, 3, 2, 1, 3];
        foreach (var temperature in new[] { 0.3, 1, 4 })
        {
            var options = new SamplingOptions { Order = new StageOrder("temperature", "top_n_sigma") }
                .With(TemperatureStage.Temperature, temperature);
            Assert.Equal([0], ChainRunner.Run(logits, options.With(TopNSigmaStage.N, 1.1)).Kept());
            Assert.Equal([0, 4, 5, 6, 9], ChainRunner.Run(logits, options.With(TopNSigmaStage.N, 2.5)).Kept());
        }
    }

    [Fact]
    public void Typical_p_can_drop_the_most_probable_token()
    {
        // p = 0.4 and sixty times 0.01: H = 3.13 nats, the peak's surprisal is 2.21 away from it and that of the others 1.48.
        float[] logits = [MathF.Log(0.4f), .. Enumerable.Repeat(MathF.Log(0.01f), 60)];
        Assert.Equal(Enumerable.Range(1, 60), ChainRunner.Run(logits, TypicalPStage.P, 0.3).Kept());
        Assert.Equal(61, ChainRunner.Run(logits, TypicalPStage.P, 0.7).Candidates.Count);
    }

    [Fact]
    public void Typical_p_is_no_NaN_where_a_token_has_no_probability()
    {
        // A known fault elsewhere: 0 * ln 0.
        var chain = ChainRunner.Run([0, -1, -2000, float.NegativeInfinity], TypicalPStage.P, 0.99);
        Assert.Equal([0, 1], chain.Kept());
        Assert.True(double.IsFinite(chain.Traces[0].EntropyAfter));
    }

    [Fact]
    public void Tail_free_needs_three_tokens_and_a_bend()
    {
        Assert.Equal(2, ChainRunner.Run([5, 0], TailFreeStage.Z, 0).Candidates.Count);
        Assert.Equal(7, ChainRunner.Run(new float[7], TailFreeStage.Z, 0.5).Candidates.Count);
        Assert.Equal([0], ChainRunner.Run([5, 0, -1], TailFreeStage.Z, 0.5).Kept());

        // p ~ 32, 16, 8, 4, 2, 1: second differences 8, 4, 2, 1 of 15, cumulative 0.533, 0.8, 0.933, 1.
        Assert.Equal([0], ChainRunner.Run(Halves, TailFreeStage.Z, 0.5).Kept());
        Assert.Equal([0], ChainRunner.Run(Halves, TailFreeStage.Z, 0.79).Kept());
        Assert.Equal([0, 1], ChainRunner.Run(Halves, TailFreeStage.Z, 0.81).Kept());
        Assert.Equal([0, 1, 2], ChainRunner.Run(Halves, TailFreeStage.Z, 0.95).Kept());
    }

    [Fact]
    public void Tail_free_decides_a_long_flat_tail_as_the_whole_order_does()
    {
        // A straight slope of probabilities has no bend but at its ends: the head of the order alone cannot tell.
        float[] logits = [.. Enumerable.Range(0, 20_000).Select(i => (float)Math.Log(30_000 - i))];
        foreach (var z in new[] { 0.2, 0.7, 0.95 })
            ReferenceTruncation.TailFree(ReferenceSampler.Start(logits), z).Check(ChainRunner.Run(logits, TailFreeStage.Z, z).Kept(), $"z {z}");
    }

    [Fact]
    public void Xtc_acts_with_its_probability_and_independently_of_the_draw()
    {
        float[] logits = [3, 3, 3, 0];
        var chain = new SamplerChain(ChainRunner.Only(XtcStage.Probability, 0.3));
        var acted = 0;
        for (var position = 1; position <= 2000; position++)
        {
            chain.Run(logits, new SamplingContext(new int[position], 1, 11));
            var acts = Philox4x32.Uniform(11, (ulong)position, RandomPurpose.Xtc) < 0.3;
            Assert.Equal(acts ? [2, 3] : [0, 1, 2, 3], chain.Kept());
            Assert.Equal(!acts, chain.Traces[0].InertReason?.Contains("by chance", StringComparison.Ordinal) ?? false);
            acted += acts ? 1 : 0;
        }

        Assert.InRange(acted, 520, 680);
    }

    [Theory]
    [InlineData(0.51, false)]
    [InlineData(0.5, true)]
    public void Xtc_with_a_threshold_above_one_half_is_off(double threshold, bool isOn) =>
        Assert.Equal(isOn, new XtcStage().IsOn(ChainRunner.Only(XtcStage.Probability, 1).With(XtcStage.Threshold, threshold)));

    [Fact]
    public void Xtc_leaves_a_single_top_choice_alone() =>
        Assert.Equal([0, 1, 2], ChainRunner.Run([5, 0, 0], XtcStage.Probability, 1).Kept());

    [Fact]
    public void One_token_passes_every_truncation()
    {
        foreach (var parameter in SamplingStages.Parameters.Where(p => p != TemperatureStage.Temperature))
        {
            foreach (var value in new[] { parameter.Minimum, parameter.SliderMaximum, parameter.Maximum })
            {
                var stage = SamplingStages.All.Single(known => known.Parameters.Contains(parameter));
                if (stage.Group is StageGroup.Truncation or StageGroup.Adaptive)
                    Assert.Equal([0], ChainRunner.Run([-3], parameter, value).Kept());
            }
        }
    }
}
