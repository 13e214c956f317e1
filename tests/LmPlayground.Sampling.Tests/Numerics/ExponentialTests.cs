using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Tests.Numerics;

public class ExponentialTests
{
    [Fact]
    public void Exp_is_within_one_unit_in_the_last_place_of_the_libraries()
    {
        var random = new System.Random(1);
        for (var i = 0; i < 200_000; i++)
        {
            var x = -708 * Math.Pow(random.NextDouble(), 4);
            AssertUlps(Math.Exp(x), Exponential.Exp(x), 1);
        }
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(double.NegativeInfinity, 0.0)]
    [InlineData(-708.0001, 0.0)]
    [InlineData(double.MinValue, 0.0)]
    [InlineData(-double.Epsilon, 1.0)]
    public void Exp_is_exact_at_its_edges(double x, double expected) => Assert.Equal(expected, Exponential.Exp(x));

    [Fact]
    public void Exp_never_decreases()
    {
        var previous = 0.0;
        for (var x = -3.0; x <= 0; x += 1e-5)
        {
            var value = Exponential.Exp(x);
            Assert.True(value >= previous, $"exp({x})");
            previous = value;
        }
    }

    [Fact]
    public void Log_is_within_two_units_in_the_last_place_of_the_libraries()
    {
        var random = new System.Random(2);
        for (var i = 0; i < 200_000; i++)
        {
            var x = Math.Exp(random.NextDouble() * 40 - 20);
            AssertUlps(Math.Log(x), Exponential.Log(x), Math.Abs(x - 1) < 0.3 ? 4 : 2);
        }

        Assert.Equal(0, Exponential.Log(1));
    }

    [Theory]
    [MemberData(nameof(Support.HardLogits.Seeds), MemberType = typeof(Support.HardLogits))]
    public void Sums_agree_with_exact_ones(int seed)
    {
        var logits = Support.HardLogits.Make(seed);
        var max = logits.Max();
        var (z, weighted) = Softmax.Sums(logits, max, 0.7);
        var exponents = logits.Select(l => ((double)l - max) * 0.7).Where(x => x > -708).ToArray();
        Assert.Equal(exponents.Sum(Math.Exp), z, z * 1e-13);
        Assert.Equal(exponents.Sum(x => x * Math.Exp(x)), weighted, 1e-12 * (1 + Math.Abs(weighted)));

        var weights = new double[logits.Length];
        Assert.Equal(z, Softmax.Weights(logits, max, 0.7, weights));
        Assert.All(logits.Zip(weights), pair => Assert.Equal(Softmax.Weight(pair.First, max, 0.7), pair.Second));
    }

    private static void AssertUlps(double expected, double actual, int ulps)
    {
        var distance = Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(actual));
        Assert.True(distance <= ulps, $"{actual:R} is {distance} units from {expected:R}");
    }
}
