using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Stages;

public class TruncationTests
{
    private static readonly double[] Ks = [1, 2, 5, 40, 1500, 100_000];
    private static readonly double[] Ps = [0, 1e-9, 0.05, 0.31, 0.5, 0.77, 0.95, 0.9999];

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Top_k_keeps_what_the_rule_keeps_and_is_idempotent(int seed)
    {
        var logits = HardLogits.Make(seed);
        foreach (var k in Ks)
        {
            var kept = ChainRunner.Run(logits, TopKStage.K, k).Kept();
            Assert.Equal(ReferenceSampler.TopK(ReferenceSampler.Start(logits), (int)k).Select(t => t.Id).Order(), kept);
            Assert.Equal(kept, ChainRunner.Run(Masked(logits, kept), TopKStage.K, k).Kept());
        }
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Top_p_keeps_what_the_rule_keeps(int seed)
    {
        var logits = HardLogits.Make(seed);
        var sorted = ReferenceSampler.Sorted(ReferenceSampler.Start(logits));
        var probabilities = ReferenceSampler.Probabilities(sorted);
        foreach (var p in Ps)
        {
            var kept = ChainRunner.Run(logits, TopPStage.P, p).Kept();
            Assert.Equal(sorted.Take(kept.Length).Select(t => t.Id).Order(), kept);

            // The crossing token stays and the next goes; a sum that meets p to its last bits may fall either way.
            var before = probabilities.Take(kept.Length - 1).Sum();
            Assert.True(kept.Length == 1 || before < p + 1e-12, $"p {p}: {before} before the last kept token");
            if (kept.Length < sorted.Count)
                Assert.True(before + probabilities[kept.Length - 1] >= p - 1e-12, $"p {p}: stopped too early");
        }
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void A_looser_parameter_never_keeps_less(int seed)
    {
        var logits = HardLogits.Make(seed);
        foreach (var (parameter, values) in new[] { (TopKStage.K, Ks), (TopPStage.P, Ps) })
        {
            var previous = new HashSet<int>();
            foreach (var value in values)
            {
                var kept = ChainRunner.Run(logits, parameter, value).Kept().ToHashSet();
                Assert.NotEmpty(kept);
                Assert.Subset(kept, previous);
                previous = kept;
            }
        }
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void What_is_kept_does_not_depend_on_where_ids_stand_except_by_the_order_of_ties(int seed)
    {
        var logits = HardLogits.Make(seed);
        var shuffled = (float[])logits.Clone();
        new System.Random(seed).Shuffle(shuffled);
        foreach (var (parameter, value) in new[] { (TopKStage.K, 5.0), (TopKStage.K, 1300.0), (TopPStage.P, 0.3) })
        {
            // The same multiset of logits survives.
            Assert.Equal(
                ChainRunner.Run(logits, parameter, value).Kept().Select(id => logits[id]).Order(),
                ChainRunner.Run(shuffled, parameter, value).Kept().Select(id => shuffled[id]).Order());
        }
    }

    [Fact]
    public void Top_p_without_top_k_keeps_the_nucleus_of_a_large_vocabulary()
    {
        // A known fault elsewhere: with top_k = 0 thousands of tokens stayed where the nucleus has 33.
        var logits = Enumerable.Range(0, 128_000).Select(i => i < 33 ? 20f : -5f).ToArray();
        var nucleus = ChainRunner.Run(logits, TopPStage.P, 0.98).Kept();
        Assert.Equal(Enumerable.Range(0, 33), nucleus);
    }

    [Fact]
    public void Ties_with_the_kth_stay()
    {
        float[] logits = [1, 3, 2, 2, 2, 0];
        Assert.Equal([1, 2, 3, 4], ChainRunner.Run(logits, TopKStage.K, 2).Kept());
    }

    [Fact]
    public void Half_masses_fall_where_the_rule_says()
    {
        // p = 1/2, 1/4, 1/4: the mass before the second token is 1/2.
        float[] logits = [0, -MathF.Log(2), -MathF.Log(2)];
        Assert.Equal([0], ChainRunner.Run(logits, TopPStage.P, 0.49).Kept());
        Assert.Equal([0, 1], ChainRunner.Run(logits, TopPStage.P, 0.51).Kept());
        Assert.Equal([0, 1, 2], ChainRunner.Run(logits, TopPStage.P, 0.76).Kept());
        Assert.Equal([0], ChainRunner.Run(logits, TopPStage.P, 0).Kept());
    }

    [Fact]
    public void Equal_logits_are_counted_out_by_id()
    {
        var logits = Enumerable.Repeat(-3f, 10).ToArray();
        for (var tenths = 1; tenths < 10; tenths++)
            Assert.Equal(Enumerable.Range(0, tenths), ChainRunner.Run(logits, TopPStage.P, tenths / 10.0 - 1e-9).Kept());
    }

    private static float[] Masked(float[] logits, int[] kept) =>
        [.. logits.Select((logit, id) => kept.Contains(id) ? logit : float.NegativeInfinity)];
}
