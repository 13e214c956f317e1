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

    /// <summary>The sum of all weights in the last search.</summary>
    internal double Z { get; private set; }

    /// <summary>The weight of what was found.</summary>
    internal double Weight { get; private set; }

    /// <summary>The sums over what was found and all before it: Z and the weighted sum, as <see cref="Softmax.Sums"/> defines them.</summary>
    internal (double Z, double WeightedSum) Head { get; private set; }

    /// <summary>As <see cref="MassSearch.Find{T}"/>, for a target of share * Z.</summary>
    internal MassPoint Find(
        ReadOnlySpan<float> values, in MassBracket bracket, float max, double scale, double share, bool strictly)
    {
        Reserve(values.Length);
        var above = Collect(values, max, scale, bracket.High, bracket.Low);
        var point = search.FindAfter(above.Z, _values.AsSpan(0, _count), _weights.AsSpan(0, _count), share * Z, strictly);
        if (point is null)
        {
            // Everything: a sum that rounding leaves short of its target then gives the last value with weight.
            above = Collect(values, max, scale, float.PositiveInfinity, -float.MaxValue);
            point = search.Find(_values.AsSpan(0, _count), _weights.AsSpan(0, _count), share * Z, strictly);
        }

        var found = point.Value;
        Weight = _weights[found.Position];
        Head = SumHead(above, found, max, scale);
        return found with { Position = _positions[found.Position] };
    }

    /// <summary>Sums all weights and those of values above <paramref name="high"/>; collects the values from there down to <paramref name="low"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private (double Z, double WeightedSum) Collect(ReadOnlySpan<float> values, float max, double scale, float high, float low)
    {
        Vector512<double> z0 = default, z1 = default, a0 = default, a1 = default, s0 = default, s1 = default;
        var (highs, lows) = (Vector512.Create(high), Vector512.Create(low));
        var least = Vector512.Create(Exponential.Underflow);
        Span<double> weights = stackalloc double[Width];
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
            if (inside == 0)
                continue;
            w0.CopyTo(weights);
            w1.CopyTo(weights[(Width / 2)..]);
            for (; inside != 0; inside &= inside - 1)
            {
                var lane = BitOperations.TrailingZeroCount(inside);
                Add(i + lane, values[i + lane], weights[lane]);
            }
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
                Add(i, values[i], weight);
            }
        }

        Z = z;
        return (a, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int position, float value, double weight)
    {
        _values[_count] = value;
        _weights[_count] = weight;
        _positions[_count++] = position;
    }

    private (double Z, double WeightedSum) SumHead((double Z, double WeightedSum) above, MassPoint found, float max, double scale)
    {
        var (z, s) = above;
        var value = _values[found.Position];
        for (var i = 0; i < _count; i++)
        {
            // Which ones count is as good as random: a selection costs less than a branch.
            var weight = _values[i] > value | (_values[i] == value & i <= found.Position) ? _weights[i] : 0;
            z += weight;
            s += weight * Math.Max(((double)_values[i] - max) * scale, Exponential.Underflow);
        }

        return (z, s);
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
