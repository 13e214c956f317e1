using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>The values from <paramref name="High"/> down to <paramref name="Low"/>, ends included: where a search looks.</summary>
internal readonly record struct MassBracket(float High, float Low);

/// <summary>Says from a sample of very many values between which two of them a share of their mass falls.</summary>
/// <remarks>Only where is looked depends on it, never what is found. Keeps its buffers: not thread-safe.</remarks>
internal sealed class SampleBracket
{
    private const int SampleSize = 512;
    private const int HeadSize = 64;

    // How many standard deviations of the sample's estimate are looked at to either side: one search in a thousand looks twice.
    private const double Deviations = 3.5;

    private readonly float[] _sample = new float[SampleSize];
    private readonly double[] _sampleWeights = new double[SampleSize];
    private readonly double[] _headWeights = new double[HeadSize];
    private readonly float[] _headValues = new float[HeadSize];
    private readonly int[] _head = new int[HeadSize];

    /// <summary>Two values between which a share of the whole mass falls, if the sample is any good.</summary>
    internal MassBracket Estimate(ReadOnlySpan<float> values, BlockMaxima blocks, float max, double scale, double share)
    {
        var head = TopSelector.Select(values, blocks.Values, BlockMaxima.Size, blocks.Least(HeadSize), _head);
        for (var i = 0; i < head; i++)
            _headValues[i] = values[_head[i]];
        var headMass = Softmax.Weights(_headValues.AsSpan(0, head), max, scale, _headWeights);
        var leastOfHead = _headValues[head - 1];

        var stride = values.Length / SampleSize;
        var count = 0;
        for (var i = 0; i < SampleSize; i++)
        {
            // A token that is gone has no place in the order: a bound made of it would be none.
            if (values[i * stride] < leastOfHead && values[i * stride] > float.NegativeInfinity)
                _sample[count++] = -values[i * stride];
        }

        var sample = _sample.AsSpan(0, count);
        sample.Sort();
        foreach (ref var value in sample)
            value = -value;
        var sampleMass = Softmax.Weights(sample, max, scale, _sampleWeights);
        var squares = 0.0;
        for (var i = 0; i < count; i++)
            squares += _sampleWeights[i] * _sampleWeights[i];

        // The estimate of (mass so far) - share * (whole mass), and its deviation, after each value of the sample.
        double sum = 0, squaresBefore = 0;
        var (high, low) = (float.PositiveInfinity, -float.MaxValue);
        for (var i = 0; i < count; i++)
        {
            sum += _sampleWeights[i];
            squaresBefore += _sampleWeights[i] * _sampleWeights[i];
            var estimate = (1 - share) * headMass + stride * (sum - share * sampleMass);
            var variance = (1 - share) * (1 - share) * squaresBefore + share * share * Math.Max(0, squares - squaresBefore);
            var error = Deviations * stride * Math.Sqrt(variance);
            if (estimate + error < 0)
                high = sample[i];
            if (estimate - error > 0)
            {
                low = sample[i];
                break;
            }
        }

        return new MassBracket(high, low);
    }
}
