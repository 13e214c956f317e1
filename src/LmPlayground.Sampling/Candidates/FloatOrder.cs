namespace LmPlayground.Sampling.Candidates;

/// <summary>Float32 values as unsigned integers of the same order. -0 comes just before 0, though the two are equal.</summary>
internal static class FloatOrder
{
    // Flip the sign bit of positive ones, every bit of negative ones.
    internal static uint Key(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x80000000) == 0 ? bits | 0x80000000 : ~bits;
    }

    internal static float Value(uint key) =>
        BitConverter.UInt32BitsToSingle((key & 0x80000000) != 0 ? key & 0x7FFFFFFF : ~key);
}
