using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Stages;

public class PenaltyTests
{
    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Penalties_move_each_logit_as_the_rule_says_to_the_last_bit(int seed)
    {
        var logits = HardLogits.Make(seed);
        var random = new System.Random(seed);
        int[] history = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(Math.Min(logits.Length, 80)))];
        var prompt = random.Next(history.Length);
        foreach (var (penalty, window) in new[] { (1.1, 0), (0.5, 0), (10, 7), (1.3, 100_000) })
        {
            var options = new SamplingOptions().With(RepetitionPenaltyStage.Penalty, penalty).With(RepetitionPenaltyStage.Window, window);
            Compare(ReferencePenalties.Repetition(logits, history, penalty, window), ChainRunner.Run(logits, options, history, prompt));
        }

        foreach (var penalty in new[] { -2, -0.1, 0.3, 2 })
        {
            Compare(
                ReferencePenalties.Presence(logits, history[prompt..], penalty),
                ChainRunner.Run(logits, new SamplingOptions().With(PresencePenaltyStage.Penalty, penalty), history, prompt));
            Compare(
                ReferencePenalties.Frequency(logits, history[prompt..], penalty),
                ChainRunner.Run(logits, new SamplingOptions().With(FrequencyPenaltyStage.Penalty, penalty), history, prompt));
        }
    }

    [Fact]
    public void Dry_finds_what_a_search_in_quadratic_time_finds()
    {
        var random = new System.Random(3);
        float[] logits = [.. Enumerable.Range(0, 12).Select(_ => (float)HardLogits.Normal(random))];
        var vocabulary = new FakeVocabulary("a", "b", "c", "d", "e", "f", "g", "h", "i", ":x", "k", "l");
        for (var round = 0; round < 400; round++)
        {
            int[] history = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(random.Next(2, 12)))];
            var (multiplier, growth, allowed) = (random.NextDouble() * 3 + 0.01, 1 + random.NextDouble() * 2, random.Next(1, 5));
            var options = new SamplingOptions { Order = StageOrder.LlamaCpp }
                .With(DryStage.Multiplier, multiplier).With(DryStage.Base, growth).With(DryStage.AllowedLength, allowed);
            var expected = ReferencePenalties.Dry(logits, history, multiplier, growth, allowed, id => id == 9);
            var chain = ChainRunner.Run(logits, options, history, 1, vocabulary);
            Assert.All(expected.Zip(chain.Logits()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * (1 + Math.Abs(pair.First))));
        }
    }

    [Fact]
    public void Dry_grows_with_the_length_of_the_repetition_and_stops_at_breakers()
    {
        // "a b c . a b c": the next "." would be the fourth token of a repetition of three.
        var vocabulary = new FakeVocabulary("a", "b", "c", ".", ":", "\n\n");
        var options = new SamplingOptions { Order = StageOrder.LlamaCpp }.With(DryStage.Multiplier, 1);
        float Penalty(SamplingOptions settings, params int[] history) =>
            -ChainRunner.Run(new float[6], settings, history, 1, vocabulary).Logits()[3];

        Assert.Equal(0, Penalty(options, 0, 3, 0));
        Assert.Equal(1, Penalty(options, 0, 1, 3, 0, 1));
        Assert.Equal(1.75f, Penalty(options, 0, 1, 2, 3, 0, 1, 2));
        Assert.Equal(0, Penalty(options, 0, 4, 2, 3, 0, 4, 2));
        Assert.Equal(1.75f, Penalty(options.With(DryStage.SequenceBreakers, []), 0, 4, 2, 3, 0, 4, 2));

        // A breaker is never penalised, nor one that is spelt by several tokens.
        Assert.Equal(0, Penalty(options.With(DryStage.SequenceBreakers, ["."]), 0, 1, 2, 3, 0, 1, 2));
        Assert.Equal(0, Penalty(options.With(DryStage.SequenceBreakers, ["bc"]), 0, 1, 2, 3, 0, 1, 2));
    }

    [Fact]
    public void Dry_clamps_a_penalty_that_float32_cannot_hold()
    {
        var options = new SamplingOptions { Order = StageOrder.LlamaCpp }
            .With(DryStage.Multiplier, 100).With(DryStage.Base, 10).With(DryStage.SequenceBreakers, []);
        var chain = ChainRunner.Run([0, 0], options, new int[500], 1);
        Assert.Equal([0, 1], chain.Kept());
        Assert.Equal(-float.MaxValue, chain.Candidates.Logit(0));
        Assert.Equal(1, chain.Candidates.Probability(1));
    }

    [Fact]
    public void The_penalty_window_counts_from_the_end_and_reaches_into_the_prompt()
    {
        var options = new SamplingOptions().With(RepetitionPenaltyStage.Penalty, 2).With(RepetitionPenaltyStage.Window, 3);
        Assert.Equal([4, 2, 2, 2], ChainRunner.Run([4, 4, 4, 4], options, [0, 1, 2, 3], 3).Logits());
    }

    [Fact]
    public void Presence_and_frequency_see_the_output_alone()
    {
        var options = new SamplingOptions().With(PresencePenaltyStage.Penalty, 1).With(FrequencyPenaltyStage.Penalty, 0.5);
        Assert.Equal([0, -1.5f, -2, 0], ChainRunner.Run(new float[4], options, [0, 0, 1, 2, 2], 2).Logits());
        var traces = ChainRunner.Run(new float[4], options, [0, 0], 2).Traces.ToArray();
        Assert.Equal("presence penalty 1 does nothing: it concerns none of the 4 tokens left", traces[0].InertReason);
    }

    [Fact]
    public void A_penalty_after_a_temperature_works_on_the_divided_logits()
    {
        var options = new SamplingOptions { Order = new StageOrder("temperature", "presence_penalty") }
            .With(TemperatureStage.Temperature, 2).With(PresencePenaltyStage.Penalty, 1);
        Assert.Equal([1, 1, -0.5f], ChainRunner.Run([2, 4, -1], options, [0, 1], 1).Logits());
    }

    [Fact]
    public void The_greatest_logit_may_be_moved_down_and_another_up()
    {
        var chain = ChainRunner.Run([5, 1, 0], new SamplingOptions().With(RepetitionPenaltyStage.Penalty, 10), [0], 1);
        Assert.Equal(1 / (1 + Math.Exp(-0.5) + Math.Exp(-1)), chain.Candidates.Probability(1), 1e-12);
        Assert.Equal(1, chain.Traces[0].Moved);
        Assert.Equal(ReferenceSampler.EntropyInBits([(0, 0.5), (1, 1), (2, 0)]), chain.Traces[0].EntropyAfter, 1e-12);
    }

    private static void Compare(float[] expected, SamplerChain chain)
    {
        Assert.Equal(expected, chain.Logits());
        var tokens = ReferenceSampler.Start(expected);
        var probabilities = ReferenceSampler.Probabilities(tokens);
        foreach (var (token, p) in tokens.Zip(probabilities).Take(50))
            Assert.Equal(p, chain.Candidates.Probability(token.Id), 1e-11);
        Assert.Equal(ReferenceSampler.EntropyInBits(tokens), chain.Candidates.Entropy, 1e-9);
    }
}
