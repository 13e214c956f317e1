using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Candidates;

/// <summary>The search from float32 weights never answers differently from the exact one, and nearly always answers.</summary>
public class BoundedSearchTests
{
    private static readonly double[] Shares = [1e-6, 0.05, 0.37, 0.5, 0.9, 0.999, 1 - 1e-9];

    public static TheoryData<string, int> Shapes { get; } = new(
        from shape in new[] { "flat", "normal", "half", "few values", "masked", "subnormal", "huge", "equal" }
        from size in new[] { 8_193, 20_011, 50_000 }
        select (shape, size));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_finds_what_the_exact_search_finds_or_says_that_it_cannot_tell(string shape, int size)
    {
        var values = Make(shape, size);
        foreach (var scale in new[] { 1, 0.5, 1 / 0.63 })
        {
            foreach (var share in Shares)
            {
                var (bounded, exact, isCertain) = Search(values, scale, share);
                if (!isCertain)
                    continue;
                Assert.Equal(exact.Position, bounded.Position);
                Assert.Equal(1, bounded.Head.Z / exact.Head.Z, 1e-7);
                Assert.Equal(Entropy(exact.Head), Entropy(bounded.Head), 1e-7);
            }
        }
    }

    [Fact]
    public void It_can_tell_nearly_always_where_it_is_meant_for()
    {
        var certain = 0;
        const int Tries = 60;
        for (var seed = 0; seed < Tries; seed++)
            certain += Search(Make("flat", 50_000 + seed), 1, 0.9).IsCertain ? 1 : 0;
        Assert.InRange(certain, Tries * 3 / 4, Tries);
    }

    private static ((int Position, (double Z, double WeightedSum) Head) Bounded, (int Position, (double Z, double WeightedSum) Head) Exact, bool IsCertain)
        Search(float[] values, double scale, double share)
    {
        var blocks = new BlockMaxima();
        blocks.Copy(values, new float[values.Length]);
        var max = values.Max();
        var bracket = new SampleBracket().Estimate(values, blocks, max, scale, share);
        var exact = new SampledSearch(new MassSearch());
        var found = exact.Find(values, bracket, max, scale, share, strictly: false);
        var bounded = new BoundedSearch();
        var isCertain = bounded.TryFind(
            values, blocks, max, scale, share, FastSoftmax.Sums(values, blocks, max, scale), bracket);
        return ((bounded.Position, bounded.Head), (found.Position, exact.Head), isCertain);
    }

    private static double Entropy((double Z, double WeightedSum) sums) => Math.Log(sums.Z) - sums.WeightedSum / sums.Z;

    private static float[] Make(string shape, int size)
    {
        var random = new System.Random(size);
        return [.. Enumerable.Range(0, size).Select(i => shape switch
        {
            "flat" => (float)HardLogits.Normal(random) * 0.1f,
            "normal" => (float)HardLogits.Normal(random) * 3,
            "half" => (float)(Half)HardLogits.Normal(random),
            "few values" => random.Next(7),
            "masked" => i > 0 && random.Next(2) == 0 ? float.NegativeInfinity : (float)HardLogits.Normal(random),
            "subnormal" => (float)(HardLogits.Normal(random) * 1e-40),
            "huge" => (float)(HardLogits.Normal(random) * 1e30),
            _ => -2.5f,
        })];
    }
}
