using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Candidates;

/// <summary>Vocabularies of real sizes, where blocks, samples and sums that are carried along come into play.</summary>
public class LargeVocabularyTests
{
    public static TheoryData<string, int> Shapes { get; } = new(
        from shape in new[] { "flat", "equal", "normal", "peaked", "masked", "few values", "one" }
        from size in new[] { 4097, 20_000, 50_001 }
        select (shape, size));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Top_p_keeps_what_a_full_sort_keeps(string shape, int size)
    {
        var logits = Make(shape, size);
        var sorted = ReferenceSampler.Sorted(ReferenceSampler.Start(logits));
        var p = ReferenceSampler.Probabilities(sorted);
        foreach (var mass in new[] { 1e-6, 0.05, 0.37, 0.5, 0.9, 0.999, 1 - 1e-9 })
        {
            foreach (var temperature in new[] { 1, 0.6, 2.2 })
            {
                var heated = temperature == 1 ? p : ReferenceSampler.Probabilities(ReferenceSampler.Temperature(sorted, temperature));
                var options = new SamplingOptions().With(TemperatureStage.Temperature, temperature).With(TopPStage.P, mass);
                var chain = ChainRunner.Run(logits, options);
                var kept = chain.Kept();
                Assert.Equal(sorted.Take(kept.Length).Select(token => token.Id).Order(), kept);
                var before = heated.Take(kept.Length - 1).Sum();
                Assert.True(kept.Length == 1 || before < mass + 1e-11, $"{temperature} {mass}: {before}");
                Assert.True(kept.Length == sorted.Count || before + heated[kept.Length - 1] >= mass - 1e-11, $"{temperature} {mass}");

                var entropy = ReferenceSampler.EntropyInBits([.. ReferenceSampler.Temperature(sorted, temperature).Take(kept.Length)]);
                Assert.Equal(entropy, chain.Traces[^1].EntropyAfter, 1e-7);
                Assert.Equal(1 - heated.Take(kept.Length).Sum(), chain.Traces[^1].RemovedMass, 1e-7);
                Assert.Equal(1, kept.Sum(chain.Candidates.Probability), 1e-9);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_draw_falls_where_a_walk_down_the_sorted_list_ends(string shape, int size)
    {
        var logits = Make(shape, size);
        var sorted = ReferenceSampler.Sorted(ReferenceSampler.Start(logits));
        var p = ReferenceSampler.Probabilities(sorted);
        var chain = ChainRunner.Run(logits, new SamplingOptions());
        var rankOf = sorted.Select((token, rank) => (token.Id, rank)).ToDictionary(pair => pair.Id, pair => pair.rank);
        foreach (var u in new[] { 0, 1e-9, 0.1, 0.4, 0.5, 0.77, 0.95, 0.9999, 1 - 1e-12 })
        {
            var draw = chain.Candidates.Draw(u);
            var before = p.Take(rankOf[draw.Id]).Sum();
            Assert.Equal(before, draw.Low, 1e-11);
            Assert.Equal(before + p[rankOf[draw.Id]], draw.High, 1e-11);
            Assert.InRange(u, draw.Low - 1e-15, draw.High);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_way_of_cutting_marks_and_keeps_the_same(string shape, int size)
    {
        var logits = Make(shape, size);
        var start = ReferenceSampler.Start(logits);
        foreach (var k in new[] { 1, 40, 64, 65, 1024, 1025, size / 4, size - 1 })
        {
            var chain = ChainRunner.Run(logits, TopKStage.K, k);
            var kept = chain.Kept();
            Assert.Equal(ReferenceSampler.TopK(start, k).Select(token => token.Id).Order(), kept);
            Assert.Equal(kept.Length, chain.Candidates.Count);
            Assert.Equal(start.Count - kept.Length, Enumerable.Range(0, size).Count(id => chain.RemovedBy(id) == "top_k"));

            // What is left can be cut, moved and drawn from as ever.
            var options = new SamplingOptions { Order = new StageOrder("top_k", "repetition_penalty", "typical_p", "min_p", "xtc", "top_p") }
                .With(TopKStage.K, k).With(RepetitionPenaltyStage.Penalty, 1.5).With(TypicalPStage.P, 0.95).With(MinPStage.P, 0.001)
                .With(XtcStage.Probability, 1).With(XtcStage.Threshold, 0.2).With(TopPStage.P, 0.8);
            int[] history = [.. Enumerable.Range(0, 90).Select(i => i * 37 % size)];
            var traced = ChainRunner.Run(logits, options, history, 3);
            var untraced = ChainRunner.Run(logits, options, history, 3, trace: false);
            Assert.Equal(traced.Kept(), untraced.Kept());
            Assert.Equal(traced.Candidates.Count, traced.Kept().Length);
            Assert.Equal(traced.Candidates.Draw(0.61), untraced.Candidates.Draw(0.61));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sums_that_are_carried_along_while_logits_move_stay_right(string shape, int size)
    {
        var logits = Make(shape, size);
        int[] history = [.. Enumerable.Range(0, 300).Select(i => i * i % size), Array.IndexOf(logits, logits.Max())];
        var options = new SamplingOptions()
            .With(LogitBiasStage.Entries, ["#1=30", "#2=-30"]).With(RepetitionPenaltyStage.Penalty, 3)
            .With(PresencePenaltyStage.Penalty, 2).With(FrequencyPenaltyStage.Penalty, -1).With(NoRepeatNGramStage.Size, 1);
        foreach (var chosen in new[] { options, options.With(NoRepeatNGramStage.Size, 0).With(LogitBiasStage.Entries, []) })
        {
            var chain = ChainRunner.Run(logits, chosen, history, 20);
            var tokens = chain.Kept().Select(id => (id, chain.Candidates.Logit(id))).ToList();
            Assert.Equal(ReferenceSampler.EntropyInBits(tokens), chain.Traces[^1].EntropyAfter, 1e-7);
            Assert.Equal(ReferenceSampler.EntropyInBits(tokens), chain.Candidates.Entropy, 1e-7);
        }
    }

    private static float[] Make(string shape, int size)
    {
        var random = new System.Random(size);
        float[] logits = [.. Enumerable.Range(0, size).Select(i => shape switch
        {
            "flat" => (float)HardLogits.Normal(random) * 0.1f,
            "equal" => -2.5f,
            "normal" => (float)HardLogits.Normal(random) * 3,
            "peaked" => (float)HardLogits.Normal(random) * 3 + (i % 9973 == 5 ? 20 : 0),
            "masked" => random.Next(2) == 0 ? float.NegativeInfinity : (float)HardLogits.Normal(random),
            "few values" => random.Next(7),
            _ => i == 77 ? 0 : -5000,
        })];
        return logits;
    }
}
