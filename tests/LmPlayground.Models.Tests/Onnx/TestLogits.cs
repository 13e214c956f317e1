namespace LmPlayground.Models.Tests.Onnx;

internal static class TestLogits
{
    public static float LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Assert.Equal(a.Length, b.Length);
        float largest = 0;
        for (var i = 0; i < a.Length; i++)
        {
            Assert.False(float.IsNaN(a[i]) || float.IsNaN(b[i]));
            largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        }

        return largest;
    }

    /// <summary>Reads tokens and keeps a copy of every row of logits.</summary>
    public static float[][] Read(this IDecoderSession session, params ReadOnlySpan<int> tokens)
    {
        var logits = session.Forward(tokens, TestModels.Cancellation);
        var rows = new float[logits.Positions][];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = logits[i].ToArray();
        return rows;
    }

    /// <summary>Reads tokens one by one and keeps a copy of every row of logits.</summary>
    public static float[][] ReadSteps(this IDecoderSession session, params ReadOnlySpan<int> tokens)
    {
        var rows = new float[tokens.Length][];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = session.Forward(tokens.Slice(i, 1), TestModels.Cancellation).Last.ToArray();
        return rows;
    }
}
