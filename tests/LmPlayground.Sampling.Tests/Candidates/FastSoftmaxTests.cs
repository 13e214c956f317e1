using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Candidates;

public class FastSoftmaxTests
{
    [Theory]
    [InlineData(0.1, false)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(12, true)]
    public void Entropy_and_log_sum_are_right_to_what_is_promised(double deviation, bool peaks)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var values = Logits(50_000 + seed, deviation, peaks, seed);
            var blocks = new BlockMaxima();
            Assert.False(blocks.Copy(values, new float[values.Length]));
            foreach (var scale in new[] { 0.3, 1, 1.25, 7 })
            {
                var (z, s) = FastSoftmax.Sums(values, blocks, values.Max(), scale);
                var (exactZ, exactS) = Softmax.Sums(values, values.Max(), scale);
                Assert.Equal(1, z / exactZ, 2e-8);
                Assert.Equal(Math.Log(exactZ) - exactS / exactZ, Math.Log(z) - s / z, 1e-7);
            }
        }
    }

    [Fact]
    public void Masked_tokens_and_huge_differences_add_nothing()
    {
        var values = Logits(9_000, 1e20, false, 1);
        for (var i = 0; i < values.Length; i += 3)
            values[i] = float.NegativeInfinity;
        values[1] = values.Max();
        var blocks = new BlockMaxima();
        blocks.Copy(values, new float[values.Length]);
        var (z, s) = FastSoftmax.Sums(values, blocks, values[1], 1);
        Assert.Equal(2, z, 1e-12);
        Assert.Equal(0, s, 1e-12);
    }

    private static float[] Logits(int size, double deviation, bool peaks, int seed)
    {
        var random = new System.Random(seed);
        float[] logits = [.. Enumerable.Range(0, size).Select(_ => (float)(HardLogits.Normal(random) * deviation))];
        for (var i = 0; peaks && i < 6; i++)
            logits[random.Next(size)] = (float)(6 * deviation) - i;
        return logits;
    }
}
