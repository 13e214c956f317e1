using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>
/// The sums of <see cref="Softmax.Sums"/> for what is shown and decides nothing, over a large vocabulary in a fifth of the time: the
/// blocks that hold the greatest values in double, all others in float32 with sums in double.
/// </summary>
/// <remarks>
/// A weight in float32 is wrong by about 1e-7, up or down alike, and none of them is a large part of the sum: entropies are right to
/// about 1e-8 bits. Multiplications are fused with additions where the code says so and nowhere else, and IEEE 754 defines what that
/// gives to the last bit; the order is fixed: the same bits on every machine.
/// </remarks>
internal static class FastSoftmax
{
    private const int Width = 16;

    // As in Exponential: adding it rounds to a whole number, and leaves that number in the low bits.
    private const float Rounder = 12582912;

    // 2^f on [-0.5, 0.5], interpolated at Chebyshev nodes: relative error 5e-9, and 4e-11 on average.
    private const float P1 = 0.6931471880262285f;
    private const float P2 = 0.24022650760567846f;
    private const float P3 = 0.05550357114219147f;
    private const float P4 = 0.009618082557302569f;
    private const float P5 = 0.001339086336462805f;
    private const float P6 = 0.00015453162939509034f;

    /// <summary>Z and the weighted sum, as <see cref="Softmax.Sums"/> defines them.</summary>
    /// <param name="values">The values.</param>
    /// <param name="blocks">Their block maxima.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="scale">What differences of values are multiplied with.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static (double Z, double WeightedSum) Sums(ReadOnlySpan<float> values, BlockMaxima blocks, float max, double scale)
    {
        var great = blocks.Great;
        var power = new FloatPower(max, scale);
        if (!power.IsUsable)
            return Softmax.Sums(values, max, scale);
        Vector512<double> z0 = default, z1 = default, s0 = default, s1 = default, e0 = default, e1 = default;
        var maxima = blocks.Values;
        ref var first = ref MemoryMarshal.GetReference(values);
        var whole = values.Length / BlockMaxima.Size;
        for (var block = 0; block < whole; block++)
        {
            var start = block * BlockMaxima.Size;
            if (maxima[block] >= great)
            {
                for (var i = start; i < start + BlockMaxima.Size; i += Width)
                    Softmax.Add(Vector512.Create(values.Slice(i, Width)), max, scale, ref z0, ref z1, ref e0, ref e1);
                continue;
            }

            var y0 = power.Of(Vector512.LoadUnsafe(ref first, (nuint)start));
            var y1 = power.Of(Vector512.LoadUnsafe(ref first, (nuint)(start + Width)));
            var y2 = power.Of(Vector512.LoadUnsafe(ref first, (nuint)(start + 2 * Width)));
            var y3 = power.Of(Vector512.LoadUnsafe(ref first, (nuint)(start + 3 * Width)));
            var (w0, w1, w2, w3) = (Exp2(y0), Exp2(y1), Exp2(y2), Exp2(y3));
            var (low, up) = Vector512.Widen((w0 + w1) + (w2 + w3));
            z0 += low;
            z1 += up;
            (low, up) = Vector512.Widen(
                Vector512.FusedMultiplyAdd(w0, y0, w1 * y1) + Vector512.FusedMultiplyAdd(w2, y2, w3 * y3));
            s0 += low;
            s1 += up;
        }

        var rest = Softmax.Sums(values[(whole * BlockMaxima.Size)..], max, scale);
        return (
            Lanes.Sum(z0, z1) + rest.Z,
            Lanes.Sum(s0, s1) * Exponential.Ln2 + Lanes.Sum(e0, e1) + rest.WeightedSum);
    }

    /// <summary>2^y for y of 0 to -126.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp2(Vector512<float> y)
    {
        var shifted = y + Vector512.Create(Rounder);
        var f = y - (shifted - Vector512.Create(Rounder));
        var p = Vector512.FusedMultiplyAdd(f, Vector512.Create(P6), Vector512.Create(P5));
        p = Vector512.FusedMultiplyAdd(f, p, Vector512.Create(P4));
        p = Vector512.FusedMultiplyAdd(f, p, Vector512.Create(P3));
        p = Vector512.FusedMultiplyAdd(f, p, Vector512.Create(P2));
        p = Vector512.FusedMultiplyAdd(f, p, Vector512.Create(P1));
        p = Vector512.FusedMultiplyAdd(f, p, Vector512.Create(1f));
        return (p.AsInt32() + Vector512.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();
    }

    /// <summary>(v - max) * scale in powers of two, in float32, with the factor in two parts: its own rounding would be a bias.</summary>
    private readonly struct FloatPower
    {
        // Below it the weight counts as 2^-126, the least normal number: too little to be seen in any sum.
        private const float Least = -126;

        private readonly Vector512<float> _center;
        private readonly Vector512<float> _high;
        private readonly Vector512<float> _low;

        internal FloatPower(float max, double scale)
        {
            var factor = scale * CandidateSet.BitsPerNat;
            var high = (float)factor;
            IsUsable = high < 1e30f;
            _center = Vector512.Create(max);
            _high = Vector512.Create(high);
            _low = Vector512.Create((float)(factor - high));
        }

        /// <summary>Whether the factor is small enough for float32.</summary>
        internal bool IsUsable { get; }

        /// <summary>The powers; that of -infinity is the least one, as every one below it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Vector512<float> Of(Vector512<float> values)
        {
            var difference = values - _center;
            var power = Vector512.FusedMultiplyAdd(difference, _high, difference * _low);

            // A comparison and not a maximum: -infinity may have become NaN, of which hardware's maxima make what they like.
            var least = Vector512.Create(Least);
            return Vector512.ConditionalSelect(Vector512.GreaterThan(power, least), power, least);
        }
    }
}
