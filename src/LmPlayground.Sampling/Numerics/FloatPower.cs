using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Numerics;

/// <summary>(v - max) * scale in powers of two, in float32, with the factor in two parts: its own rounding would be a bias.</summary>
internal readonly struct FloatPower
{
    // Below it the weight counts as 2^-126, the least normal number: too little to be seen in any sum.
    private const float Least = -126;

    private readonly Vector512<float> _center;
    private readonly Vector512<float> _high;
    private readonly Vector512<float> _low;

    internal FloatPower(float max, double scale)
    {
        var factor = scale * Candidates.CandidateSet.BitsPerNat;
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
