using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>
/// Finds where a share of the whole mass falls among very many values, in one exact pass over them: a sample says between which two
/// values it must fall, the pass sums all weights and those above, and collects the few values between.
/// </summary>
/// <remarks>
/// The sample decides only where is looked: the sums are exact, and where the sample was wrong everything is collected. What is found
/// depends on the values alone. Keeps its buffers: not thread-safe.
/// </remarks>
internal sealed class SampledSearch(MassSearch search)
{
    private const int Width = 16;

    private float[] _values = [];
    private double[] _weights = [];
    private int[] _positions = [];
    private int _count;
    private (double Z, double WeightedSum) _above;
    private int _found;

    /// <summary>The sum of all weights in the last search.</summary>
    internal double Z { get; private set; }

    /// <summary>The weight of what was found.</summary>
    internal double Weight { get; private set; }

    /// <summary>As <see cref="MassSearch.Find{T}"/>, for a target of share * Z.</summary>
    internal MassPoint Find(
        ReadOnlySpan<float> values, in MassBracket bracket, float max, double scale, double share, bool strictly)
    {
        Reserve(values.Length);
        _above = Collect(values, max, scale, bracket.High, bracket.Low);
        var point = search.FindAfter(_above.Z, _values.AsSpan(0, _count), _weights.AsSpan(0, _count), share * Z, strictly);
        if (point is null)
        {
            // Everything: a sum that rounding leaves short of its target then gives the last value with weight.
            _above = Collect(values, max, scale, float.PositiveInfinity, -float.MaxValue);
            point = search.Find(_values.AsSpan(0, _count), _weights.AsSpan(0, _count), share * Z, strictly);
        }

        _found = point.Value.Position;
        Weight = _weights[_found];
        return point.Value with { Position = _positions[_found] };
    }

    /// <summary>
    /// The sums over what the last search found and all before it: Z and the weighted sum, as <see cref="Softmax.Sums"/> defines them. Once a search.
    /// </summary>
    internal (double Z, double WeightedSum) SumHead(float max, double scale)
    {
        var last = _values[_found];
        var count = 0;
        for (var i = 0; i < _count; i++)
        {
            var value = _values[i];
            _values[count] = value;

            // Which ones count is as good as random: a sum costs less than a branch.
            count += value > last | (value == last & i <= _found) ? 1 : 0;
        }

        var (z, weightedSum) = Softmax.Sums(_values.AsSpan(0, count), max, scale);
        return (_above.Z + z, _above.WeightedSum + weightedSum);
    }

    /// <summary>Sums all weights and those of values above <paramref name="high"/>; collects the values from there down to <paramref name="low"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private (double Z, double WeightedSum) Collect(ReadOnlySpan<float> values, float max, double scale, float high, float low)
    {
        Vector512<double> z0 = default, z1 = default, a0 = default, a1 = default, s0 = default, s1 = default;
        var (highs, lows) = (Vector512.Create(high), Vector512.Create(low));
        var least = Vector512.Create(Exponential.Underflow);
        _count = 0;
        var i = 0;
        for (; i + Width <= values.Length; i += Width)
        {
            var block = Vector512.Create(values.Slice(i, Width));
            var (x0, x1) = Softmax.Exponents(block, max, scale);
            var (w0, w1) = (Exponential.Exp(x0), Exponential.Exp(x1));
            z0 += w0;
            z1 += w1;
            var (m0, m1) = Vector512.Widen(Vector512.GreaterThan(block, highs).AsInt32());
            var above0 = Vector512.BitwiseAnd(w0, m0.AsDouble());
            var above1 = Vector512.BitwiseAnd(w1, m1.AsDouble());
            a0 += above0;
            a1 += above1;
            s0 += above0 * Vector512.Max(x0, least);
            s1 += above1 * Vector512.Max(x1, least);
            var inside = Vector512.BitwiseAnd(Vector512.GreaterThanOrEqual(block, lows), Vector512.LessThanOrEqual(block, highs))
                .ExtractMostSignificantBits();
            for (; inside != 0; inside &= inside - 1)
                Add(values, i + BitOperations.TrailingZeroCount(inside));
        }

        var (z, a, s) = (Lanes.Sum(z0, z1), Lanes.Sum(a0, a1), Lanes.Sum(s0, s1));
        for (; i < values.Length; i++)
        {
            var weight = Softmax.Weight(values[i], max, scale);
            z += weight;
            if (values[i] > high)
            {
                a += weight;
                s += weight * Math.Max(((double)values[i] - max) * scale, Exponential.Underflow);
            }
            else if (values[i] >= low)
            {
                Add(values, i);
            }
        }

        Z = z;
        Softmax.Weights(_values.AsSpan(0, _count), max, scale, _weights);
        return (a, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ReadOnlySpan<float> values, int position)
    {
        _values[_count] = values[position];
        _positions[_count++] = position;
    }

    private void Reserve(int length)
    {
        if (_values.Length >= length)
            return;
        _values = new float[length];
        _weights = new double[length];
        _positions = new int[length];
    }
}
