using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>One pass over logits that finds their maximum and whatever cannot be sampled from.</summary>
/// <param name="Max">The greatest logit; NaN if any is NaN.</param>
/// <param name="Impossible">How many are -infinity.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct LogitsCheck(float Max, int Impossible, int Count)
{
    private const int Width = 16;

    internal static LogitsCheck Of(ReadOnlySpan<float> logits)
    {
        var impossible = 0;
        var max = Vector512.Create(float.NegativeInfinity);
        var i = 0;
        for (; i + Width <= logits.Length; i += Width)
        {
            var values = Vector512.Create(logits.Slice(i, Width));
            max = Vector512.Max(max, values);
            var infinite = Vector512.Equals(values, Vector512.Create(float.NegativeInfinity)).ExtractMostSignificantBits();
            if (infinite != 0)
                impossible += System.Numerics.BitOperations.PopCount(infinite);
        }

        var greatest = float.NegativeInfinity;
        for (var lane = 0; lane < Width; lane++)
            greatest = MathF.Max(greatest, max[lane]);
        for (; i < logits.Length; i++)
        {
            greatest = MathF.Max(greatest, logits[i]);
            impossible += float.IsNegativeInfinity(logits[i]) ? 1 : 0;
        }

        return new LogitsCheck(greatest, impossible, logits.Length);
    }

    internal void ThrowIfInvalid(string stage)
    {
        if (float.IsFinite(Max))
            return;
        throw new InvalidLogitsException(stage, this switch
        {
            { Count: 0 } => "there are none",
            { Max: float.NaN } => "there is a NaN among them",
            { Max: float.PositiveInfinity } => "there is +infinity among them",
            _ => $"all {Count} are -infinity",
        });
    }
}
