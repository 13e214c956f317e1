using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Numerics;

/// <summary>
/// One pass over float32 logits: the sums that a softmax and its entropy are made of, in double. The order of additions is fixed
/// (sixteen lanes, then the lanes in order), so the sums have the same bits with any vector width.
/// </summary>
internal static class Softmax
{
    private const int Width = 16;

    /// <summary>
    /// With x_i = (v_i - max) * scale: Z = sum of e^x_i, and the sum of x_i e^x_i. Entropy in nats is ln Z - weightedSum / Z.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static (double Z, double WeightedSum) Sums(ReadOnlySpan<float> values, float max, double scale)
    {
        Vector512<double> z0 = default, z1 = default, s0 = default, s1 = default;
        var i = 0;
        for (; i + Width <= values.Length; i += Width)
            Add(Vector512.Create(values.Slice(i, Width)), max, scale, ref z0, ref z1, ref s0, ref s1);
        if (i < values.Length)
            Add(Padded(values[i..]), max, scale, ref z0, ref z1, ref s0, ref s1);
        return (Lanes.Sum(z0, z1), Lanes.Sum(s0, s1));
    }

    /// <summary>Writes e^x_i into <paramref name="weights"/> and returns their sum: the Z of <see cref="Sums"/>, bit for bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double Weights(ReadOnlySpan<float> values, float max, double scale, Span<double> weights)
    {
        Vector512<double> z0 = default, z1 = default;
        var i = 0;
        for (; i + Width <= values.Length; i += Width)
        {
            var (low, high) = Weigh(Vector512.Create(values.Slice(i, Width)), max, scale);
            low.CopyTo(weights[i..]);
            high.CopyTo(weights[(i + Width / 2)..]);
            z0 += low;
            z1 += high;
        }

        if (i < values.Length)
        {
            var (low, high) = Weigh(Padded(values[i..]), max, scale);
            Span<double> tail = stackalloc double[Width];
            low.CopyTo(tail);
            high.CopyTo(tail[(Width / 2)..]);
            tail[..(values.Length - i)].CopyTo(weights[i..]);
            z0 += low;
            z1 += high;
        }

        return Lanes.Sum(z0, z1);
    }

    /// <summary>e^((value - max) * scale): one weight, the same bits as in <see cref="Weights"/>.</summary>
    internal static double Weight(float value, float max, double scale) =>
        Exponential.Exp(((double)value - max) * scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(
        Vector512<float> values, float max, double scale,
        ref Vector512<double> z0, ref Vector512<double> z1, ref Vector512<double> s0, ref Vector512<double> s1)
    {
        var (x0, x1) = Exponents(values, max, scale);
        var w0 = Exponential.Exp(x0);
        var w1 = Exponential.Exp(x1);
        z0 += w0;
        z1 += w1;

        // The clamp keeps 0 * -infinity out of the sum.
        s0 += w0 * Vector512.Max(x0, Vector512.Create(Exponential.Underflow));
        s1 += w1 * Vector512.Max(x1, Vector512.Create(Exponential.Underflow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> Low, Vector512<double> High) Weigh(Vector512<float> values, float max, double scale)
    {
        var (x0, x1) = Exponents(values, max, scale);
        return (Exponential.Exp(x0), Exponential.Exp(x1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector512<double> Low, Vector512<double> High) Exponents(Vector512<float> values, float max, double scale)
    {
        var (low, high) = Vector512.Widen(values);
        var center = Vector512.Create((double)max);
        return ((low - center) * scale, (high - center) * scale);
    }

    private static Vector512<float> Padded(ReadOnlySpan<float> rest)
    {
        Span<float> padded = stackalloc float[Width];
        padded.Fill(float.NegativeInfinity);
        rest.CopyTo(padded);
        return Vector512.Create<float>(padded);
    }
}
