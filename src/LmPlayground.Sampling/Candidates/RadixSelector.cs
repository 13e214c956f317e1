namespace LmPlayground.Sampling.Candidates;

/// <summary>The k-th greatest of many float32 values in three passes, for a k that is too large for a heap.</summary>
internal static class RadixSelector
{
    /// <summary>The k-th greatest value, counted from 1.</summary>
    internal static float KthGreatest(ReadOnlySpan<float> values, int k)
    {
        Span<int> counts = stackalloc int[1 << 11];
        uint prefix = 0, mask = 0;
        var rank = k;
        foreach (var (shift, bits) in (ReadOnlySpan<(int, int)>)[(21, 11), (10, 11), (0, 10)])
        {
            counts.Clear();
            var digitMask = (1u << bits) - 1;
            foreach (var value in values)
            {
                var key = FloatOrder.Key(value);
                if ((key & mask) == prefix)
                    counts[(int)((key >> shift) & digitMask)]++;
            }

            var digit = (int)digitMask;
            while (counts[digit] < rank)
                rank -= counts[digit--];
            prefix |= (uint)digit << shift;
            mask |= digitMask << shift;
        }

        return FloatOrder.Value(prefix);
    }
}
