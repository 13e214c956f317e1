using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Stages;

public class ChainTests
{
    private static readonly SamplingOptions Warm = new SamplingOptions()
        .With(TemperatureStage.Temperature, 1.7).With(TopKStage.K, 50).With(TopPStage.P, 0.8);

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Traces_probabilities_and_removals_agree_with_the_rules(int seed)
    {
        var logits = HardLogits.Make(seed);
        var chain = ChainRunner.Run(logits, Warm);
        var start = ReferenceSampler.Start(logits);
        var heated = ReferenceSampler.Temperature(start, 1.7);
        var topK = ReferenceSampler.TopK(heated, 50);
        var kept = chain.Kept();
        var topP = topK.Where(token => kept.Contains(token.Id)).ToList();

        Assert.Equal(["temperature", "top_k", "top_p"], chain.Traces.ToArray().Select(trace => trace.Stage));
        Assert.Equal([heated.Count, topK.Count, topP.Count], chain.Traces.ToArray().Select(trace => trace.Kept));
        Close(ReferenceSampler.EntropyInBits(start), chain.ModelEntropy);
        Close(ReferenceSampler.EntropyInBits(start), chain.Traces[0].EntropyBefore);
        Close(ReferenceSampler.EntropyInBits(heated), chain.Traces[0].EntropyAfter);
        Close(ReferenceSampler.EntropyInBits(topK), chain.Traces[1].EntropyAfter);
        Close(ReferenceSampler.EntropyInBits(topP), chain.Traces[2].EntropyAfter);
        Close(Mass(heated, except: topK), chain.Traces[1].RemovedMass);
        Close(Mass(topK, except: topP), chain.Traces[2].RemovedMass);

        var probabilities = ReferenceSampler.Probabilities(topP);
        for (var i = 0; i < topP.Count; i++)
            Close(probabilities[i], chain.Candidates.Probability(topP[i].Id));
        Assert.Equal(1, topP.Sum(token => chain.Candidates.Probability(token.Id)), 1e-9);
        foreach (var (id, _) in start)
        {
            var expected = !topK.Exists(token => token.Id == id) ? "top_k" : kept.Contains(id) ? null : "top_p";
            Assert.Equal(expected, chain.RemovedBy(id));
        }
    }

    [Fact]
    public void A_token_that_the_model_ruled_out_was_removed_by_no_stage()
    {
        var chain = ChainRunner.Run([1, float.NegativeInfinity, 0], new SamplingOptions().With(TopKStage.K, 1));
        Assert.Null(chain.RemovedBy(1));
        Assert.Equal("top_k", chain.RemovedBy(2));
        Assert.Equal(0, chain.Candidates.Probability(1));
        Assert.Equal(double.NegativeInfinity, chain.Candidates.Logit(1));
    }

    [Fact]
    public void The_order_is_data()
    {
        float[] logits = [2, 1.5f, 1, 0.5f, 0];
        var options = new SamplingOptions().With(TemperatureStage.Temperature, 5).With(TopPStage.P, 0.7);
        Assert.Equal(4, ChainRunner.Run(logits, options).Candidates.Count);
        Assert.Equal(3, ChainRunner.Run(logits, options with { Order = StageOrder.LlamaCpp }).Candidates.Count);
        Assert.Equal(5, ChainRunner.Run(logits, options with { Order = new StageOrder("temperature") }).Candidates.Count);
    }

    [Fact]
    public void Temperature_0_is_greedy_and_the_rest_says_that_it_has_no_effect()
    {
        float[] logits = [1, 4, 4, 2];
        var chain = ChainRunner.Run(logits, Warm.With(TemperatureStage.Temperature, 0));
        Assert.Equal([1], chain.Kept());
        Assert.True(chain.Traces[0].Changed);
        Assert.All(chain.Traces[1..].ToArray(), trace =>
        {
            Assert.False(trace.Changed);
            Assert.Contains("temperature 0", trace.InertReason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_stage_that_does_nothing_says_why()
    {
        float[] logits = [5, 4, -5, -6];
        var options = new SamplingOptions { Order = StageOrder.LlamaCpp }.With(TopKStage.K, 2).With(TopPStage.P, 0.999);
        var traces = ChainRunner.Run(logits, options).Traces.ToArray();
        Assert.Null(traces[0].InertReason);
        Assert.Equal("top-p 0.999 does nothing: top-k leaves 2", traces[1].InertReason);
        Assert.Equal(
            "top-k 40 does nothing: all 4 pass",
            ChainRunner.Run(logits, new SamplingOptions().With(TopKStage.K, 40)).Traces[0].InertReason);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(5e-324)]
    public void The_smallest_temperatures_are_greedy_up_to_ties(double temperature)
    {
        var chain = ChainRunner.Run([1, 4, 4, 2], new SamplingOptions().With(TemperatureStage.Temperature, temperature));
        Assert.Equal(0.5, chain.Candidates.Probability(1));
        Assert.Equal(0.5, chain.Candidates.Probability(2));
        Assert.Equal(1, chain.Candidates.Entropy, 1e-12);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "+infinity")]
    public void Logits_that_are_no_numbers_are_an_error_that_names_the_model(float bad, string word)
    {
        foreach (var size in new[] { 1, 5, 16, 40 })
        {
            for (var at = 0; at < size; at++)
            {
                var logits = new float[size];
                logits[at] = bad;
                var error = Assert.Throws<InvalidLogitsException>(() => ChainRunner.Run(logits, Warm));
                Assert.Equal(InvalidLogitsException.ModelStage, error.Stage);
                Assert.Contains(word, error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Nothing_finite_and_nothing_at_all_are_errors()
    {
        Assert.Throws<InvalidLogitsException>(() => ChainRunner.Run([float.NegativeInfinity, float.NegativeInfinity], Warm));
        Assert.Throws<InvalidLogitsException>(() => ChainRunner.Run([], Warm));
    }

    [Fact]
    public void An_unknown_stage_is_an_error_that_lists_the_known_ones()
    {
        var error = Assert.Throws<SettingException>(() => new SamplerChain(new SamplingOptions { Order = new StageOrder("top_q") }));
        Assert.Contains("'top_q'", error.Message, StringComparison.Ordinal);
        Assert.Contains("top_p", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_can_go_from_a_small_vocabulary_to_a_large_one_and_back()
    {
        var chain = new SamplerChain(Warm);
        foreach (var seed in new[] { 0, 6, 1, 5, 2, 7, 46, 3 })
        {
            var logits = HardLogits.Make(seed);
            chain.Run(logits, new SamplingContext([0], 1, 7));
            Assert.Equal(ChainRunner.Run(logits, Warm).Kept(), chain.Kept());
        }
    }

    [Fact]
    public void A_token_allocates_nothing()
    {
        var chain = new SamplerChain(Warm);
        var inputs = new[] { 5, 6, 14, 22, 30, 38, 46 }.Select(HardLogits.Make).ToArray();
        int[] history = [1, 2, 3];
        foreach (var logits in inputs)
            RunAndDraw(chain, logits, history);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var logits in inputs)
            RunAndDraw(chain, logits, history);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_token_allocates_nothing_with_every_stage_on()
    {
        var vocabulary = new FakeVocabulary([.. Enumerable.Range(0, 6000).Select(id => $"{id}:")]) { EndOfSequenceIds = [0] };
        var names = SamplingStages.All.Select(stage => stage.Name).Where(name => !name.StartsWith("mirostat", StringComparison.Ordinal)).ToArray();
        var options = new SamplingOptions { Order = new StageOrder(names) }
            .With(LogitBiasStage.Entries, ["#0=1"]).With(RepetitionPenaltyStage.Penalty, 1.1).With(PresencePenaltyStage.Penalty, 0.1)
            .With(FrequencyPenaltyStage.Penalty, 0.1).With(DryStage.Multiplier, 0.8).With(NoRepeatNGramStage.Size, 3)
            .With(BadWordsStage.Words, ["7:"]).With(AllowedWordsStage.Words, [.. Enumerable.Range(0, 900).Select(id => $"{id}:")])
            .With(MinNewTokensStage.Least, 5).With(TemperatureStage.Temperature, 1.2).With(DynamicTemperatureStage.Range, 0.5)
            .With(TopNSigmaStage.N, 3).With(TopKStage.K, 400).With(TopPStage.P, 0.999).With(MinPStage.P, 1e-6).With(TypicalPStage.P, 0.99)
            .With(TailFreeStage.Z, 0.999).With(EpsilonCutoffStage.Epsilon, 1e-9).With(EtaCutoffStage.Epsilon, 1e-9)
            .With(XtcStage.Probability, 1).With(XtcStage.Threshold, 0.01);
        var mirostat = new SamplingOptions { Order = new StageOrder("mirostat") }.With(MirostatStage.Tau, 3);
        var mirostatV2 = new SamplingOptions { Order = new StageOrder("mirostat_v2") }.With(MirostatV2Stage.Tau, 3);
        var wide = new SamplingOptions { Order = new StageOrder("typical_p", "tfs_z", "top_p", "xtc") }
            .With(TypicalPStage.P, 0.9).With(TailFreeStage.Z, 0.9).With(TopPStage.P, 0.9).With(XtcStage.Probability, 1);
        float[] logits = [.. HardLogits.Make(6), .. HardLogits.Make(14)[..1904]];
        int[] history = [.. Enumerable.Range(0, 64).Select(i => i % 9)];
        foreach (var settings in new[] { options, mirostat, mirostatV2, wide })
        {
            var chain = new SamplerChain(settings, vocabulary);
            for (var round = 0; round < 3; round++)
                RunAndDraw(chain, logits, history);
            var before = GC.GetAllocatedBytesForCurrentThread();
            RunAndDraw(chain, logits, history);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void RunAndDraw(SamplerChain chain, float[] logits, int[] history)
    {
        chain.Run(logits, new SamplingContext(history, 1, 7));
        chain.Observe(TokenSampler.Draw(chain.Candidates, 7, history.Length));
    }

    private static double Mass(List<(int Id, double Logit)> tokens, List<(int Id, double Logit)> except)
    {
        var kept = except.Select(token => token.Id).ToHashSet();
        var probabilities = ReferenceSampler.Probabilities(tokens);
        return tokens.Select((token, i) => kept.Contains(token.Id) ? 0 : probabilities[i]).Sum();
    }

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-9);
}
