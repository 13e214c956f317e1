using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Numerics;

/// <summary>The spread of float32 values, in double, with sums of a fixed order.</summary>
internal static class Moments
{
    private const int Width = 16;

    /// <summary>The population's standard deviation of the finite values, of which there are <paramref name="count"/>.</summary>
    internal static double Deviation(ReadOnlySpan<float> values, int count)
    {
        var mean = Sum(values, 0, squared: false) / count;
        return Math.Sqrt(Sum(values, mean, squared: true) / count);
    }

    /// <summary>The sum over the finite values of their differences from <paramref name="center"/>, or of the squares of those.</summary>
    private static double Sum(ReadOnlySpan<float> values, double center, bool squared)
    {
        Vector512<double> low = default, high = default;
        var i = 0;
        for (; i + Width <= values.Length; i += Width)
        {
            var block = Vector512.Create(values.Slice(i, Width));
            var (a, b) = Vector512.Widen(block);
            low += Term(a, center, squared);
            high += Term(b, center, squared);
        }

        var sum = Lanes.Sum(low, high);
        for (; i < values.Length; i++)
            sum += Term(Vector512.CreateScalar((double)values[i]), center, squared).ToScalar();
        return sum;
    }

    private static Vector512<double> Term(Vector512<double> values, double center, bool squared)
    {
        var finite = Vector512.GreaterThan(values, Vector512.Create(double.NegativeInfinity));
        var difference = Vector512.BitwiseAnd(values - Vector512.Create(center), finite);
        return squared ? difference * difference : difference;
    }
}
