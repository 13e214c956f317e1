using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Candidates;

public class SelectorTests
{
    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Top_selector_gives_the_head_of_a_full_sort(int seed)
    {
        var values = HardLogits.Make(seed);
        var sorted = ReferenceSampler.Sorted(ReferenceSampler.Start(values)).Select(token => token.Id).ToArray();
        foreach (var n in new[] { 0, 1, 2, 50, 1000, values.Length })
        {
            var positions = new int[n];
            var count = TopSelector.Select(values, positions);
            Assert.Equal(sorted.Take(n), positions[..count]);
        }
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Radix_selector_gives_the_kth_of_a_full_sort(int seed)
    {
        var values = HardLogits.Make(seed);
        var sorted = values.OrderDescending().ToArray();
        foreach (var k in new[] { 1, (values.Length + 1) / 2, values.Length })
            Assert.Equal(sorted[k - 1], RadixSelector.KthGreatest(values, k));
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Mass_search_finds_what_a_walk_over_the_sorted_list_finds(int seed)
    {
        var values = HardLogits.Make(seed);
        var max = values.Max();
        var weights = values.Select(v => Math.Exp((double)v - max)).ToArray();
        var order = ReferenceSampler.Sorted(ReferenceSampler.Start(values)).Select(token => token.Id).Where(id => weights[id] > 0).ToArray();
        var search = new MassSearch();
        var total = order.Sum(id => weights[id]);
        foreach (var share in new[] { 0, 1e-9, 0.1, 0.3333, 0.5, 0.9, 0.999, 1 - 1e-12, 1 })
        {
            // Sums in another order differ in their last bits: the found token must hold the target within that tolerance.
            var point = search.Find(values, weights, share * total, strictly: true);
            var before = order.TakeWhile(id => id != point.Position).Sum(id => weights[id]);
            Assert.Contains(point.Position, order);
            Assert.Equal(before, point.Before, total * 1e-12);
            Assert.InRange(share * total, before - total * 1e-12, before + weights[point.Position] + total * 1e-12);
        }
    }

    [Fact]
    public void Mass_search_resolves_a_large_tie_by_position_exactly()
    {
        var values = Enumerable.Repeat(2f, 5000).ToArray();
        var weights = Enumerable.Repeat(1.0, 5000).ToArray();
        var search = new MassSearch();
        for (var target = 0; target < 5000; target += 7)
        {
            Assert.Equal(new MassPoint(target, target), search.Find(values, weights, target, strictly: true));
            if (target > 0)
                Assert.Equal(new MassPoint(target - 1, target - 1), search.Find(values, weights, target, strictly: false));
        }
    }

    [Fact]
    public void A_value_without_weight_is_never_found()
    {
        float[] values = [0, -800, -900];
        double[] weights = [1, 0, 0];
        var search = new MassSearch();
        Assert.Equal(0, search.Find(values, weights, 1, strictly: true).Position);
        Assert.Equal(0, search.Find(values, weights, 0, strictly: true).Position);
    }
}
