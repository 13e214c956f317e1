using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Stages;

public class ConstraintTests
{
    private static readonly FakeVocabulary Words = new("dra", "gon", " dra", "x", "yes", " yes", "</s>", "!")
    {
        EndOfSequenceIds = [6],
        StopTokenIds = [7],
    };

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void No_repeat_bans_what_the_rule_bans_or_says_that_nothing_is_left(int seed)
    {
        var logits = HardLogits.Make(seed);
        var random = new System.Random(seed);
        int[] history = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(Math.Min(logits.Length, 6)))];
        for (var n = 1; n <= 4; n++)
        {
            var options = new SamplingOptions().With(NoRepeatNGramStage.Size, n);
            var bans = ReferencePenalties.NGramBans(history, n);
            int[] expected = [.. ReferenceSampler.Start(logits).Select(token => token.Id).Where(id => !bans.Contains(id))];
            if (expected.Length > 0)
                Assert.Equal(expected, ChainRunner.Run(logits, options, history, 1).Kept());
            else
                Assert.Equal(NoRepeatNGramStage.StageName, Assert.Throws<InvalidLogitsException>(() => ChainRunner.Run(logits, options, history, 1)).Stage);
        }
    }

    [Fact]
    public void A_bad_words_last_token_is_banned_once_the_others_stand_there()
    {
        var options = new SamplingOptions().With(BadWordsStage.Words, ["dragon"]);
        Assert.Equal(8, Count(options, 3));
        Assert.Equal([0, 2, 3, 4, 5, 6, 7], Kept(options, 0));
        Assert.Equal([0, 2, 3, 4, 5, 6, 7], Kept(options, 3, 2));
        Assert.Equal([0, 1, 2, 3, 6, 7], Kept(options.With(BadWordsStage.Words, ["yes"]), 3));
        Assert.Equal(8, Count(options.With(BadWordsStage.Words, ["</s>"]), 3));
    }

    [Fact]
    public void Only_the_tokens_of_allowed_words_and_the_end_stay()
    {
        var options = new SamplingOptions().With(AllowedWordsStage.Words, ["yes", "x"]);
        Assert.Equal([3, 4, 5, 6], Kept(options, 0));
        var chain = ChainRunner.Run([0, 0, 0, 0, 1, 0, 0, 9], options, [0], 1, Words);
        Assert.Equal("allowed_words", chain.RemovedBy(7));
        Assert.Equal(Math.E / (Math.E + 3), chain.Candidates.Probability(4), 1e-12);
    }

    [Fact]
    public void The_end_and_the_stop_tokens_wait_for_the_least_number_of_tokens()
    {
        var options = new SamplingOptions().With(MinNewTokensStage.Least, 2);
        Assert.Equal([0, 1, 2, 3, 4, 5], Kept(options, 3, 3));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Kept(options, 3, 3, 3));
    }

    [Fact]
    public void A_ban_that_leaves_nothing_is_an_error_that_names_the_stage()
    {
        float[] logits = [float.NegativeInfinity, float.NegativeInfinity, 0, 1, .. Enumerable.Repeat(float.NegativeInfinity, 4)];
        foreach (var options in new[]
        {
            new SamplingOptions().With(BadWordsStage.Words, ["x", "dra"]),
            new SamplingOptions().With(AllowedWordsStage.Words, ["yes"]),
            new SamplingOptions().With(NoRepeatNGramStage.Size, 1),
        })
        {
            var error = Assert.Throws<InvalidLogitsException>(() => ChainRunner.Run(logits, options, [2, 3], 1, Words));
            Assert.Contains(error.Stage, options.Names);
            Assert.Contains("bans every token", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_bias_names_ids_and_every_token_of_a_text_as_typed_and_spaced()
    {
        var options = new SamplingOptions().With(LogitBiasStage.Entries, ["#3=-100", "dragon=+5", "#1=0.5", "yes=-1"]);
        Assert.Equal([5, 5.5f, 5, -100, -1, -1, 0, 0], ChainRunner.Run(new float[8], options, [0], 1, Words).Logits());
        Assert.Equal(
            [0, -2, 0], ChainRunner.Run(new float[3], new SamplingOptions().With(LogitBiasStage.Entries, ["#1=-2"])).Logits());
    }

    [Theory]
    [InlineData("sea")]
    [InlineData("=5")]
    [InlineData("sea=")]
    [InlineData("sea=101")]
    [InlineData("sea=NaN")]
    [InlineData("#2=1e9")]
    [InlineData("")]
    public void A_bias_that_cannot_be_read_is_an_error_that_names_the_list(string entry)
    {
        var error = Assert.Throws<SettingException>(() => new SamplingOptions().With(LogitBiasStage.Entries, [entry]));
        Assert.Contains("logit_bias", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_on_a_token_that_is_not_there_is_an_error()
    {
        var options = new SamplingOptions().With(LogitBiasStage.Entries, ["#3=1"]);
        Assert.Contains("#3", Assert.Throws<SettingException>(() => ChainRunner.Run([1, 2, 3], options)).Message, StringComparison.Ordinal);
        Assert.Throws<SettingException>(() =>
            ChainRunner.Run(new float[8], new SamplingOptions().With(LogitBiasStage.Entries, ["?=1"]), [0], 1, Words));
    }

    [Fact]
    public void A_stage_that_must_know_the_tokens_says_so()
    {
        foreach (var options in new[]
        {
            new SamplingOptions().With(LogitBiasStage.Entries, ["sea=1"]),
            new SamplingOptions().With(BadWordsStage.Words, ["x"]),
            new SamplingOptions().With(AllowedWordsStage.Words, ["x"]),
            new SamplingOptions().With(MinNewTokensStage.Least, 1),
            new SamplingOptions { Order = StageOrder.LlamaCpp }.With(DryStage.Multiplier, 1),
        })
        {
            var error = Assert.Throws<InvalidOperationException>(() => new SamplerChain(options));
            Assert.Contains("vocabulary", error.Message, StringComparison.Ordinal);
        }
    }

    private static int Count(SamplingOptions options, params int[] history) => Kept(options, history).Length;

    private static int[] Kept(SamplingOptions options, params int[] history) =>
        ChainRunner.Run(new float[8], options, history, 1, Words).Kept();
}
