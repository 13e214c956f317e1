using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>A value of the band on which a mass falls.</summary>
/// <param name="Place">Its place in the band.</param>
/// <param name="Position">Its position among all values.</param>
/// <param name="Before">The mass of those of the band before it in the total order.</param>
/// <param name="Weight">Its own.</param>
internal readonly record struct BandPoint(int Place, int Position, double Before, double Weight);

/// <summary>
/// The values of <see cref="BoundedSearch"/>'s bracket with float32 weights, in order of position: narrowed down in buckets to the one on
/// which a mass falls.
/// </summary>
/// <remarks>Keeps its buffers: not thread-safe.</remarks>
internal sealed class BandNarrowing
{
    private const int Width = 16;
    private const int BucketCount = 1024;

    // So few are put in order one by one.
    private const int Few = 48;

    // A band of more than this share of all values is no gain.
    private const int LeastShare = 4;

    private readonly double[] _mass = new double[BucketCount];
    private readonly int[] _sorted = new int[Few];
    private float[] _values = [];
    private float[] _weights = [];
    private int[] _positions = [];
    private int[] _buckets = [];
    private int[] _members = [];
    private int _count;
    private int _capacity;

    internal void Clear(int vocabularySize)
    {
        _count = 0;
        _capacity = vocabularySize / LeastShare;
        if (_values.Length >= _capacity + BlockMaxima.Size)
            return;
        var size = _capacity + BlockMaxima.Size;
        (_values, _weights, _positions, _buckets, _members) = (new float[size], new float[size], new int[size], new int[size], new int[size]);
    }

    /// <summary>Adds the values at <paramref name="start"/> + i for each bit i; false where they are too many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAdd(ref float first, int start, ulong bits)
    {
        var count = _count;
        if (count > _capacity)
            return false;
        ref var value = ref MemoryMarshal.GetArrayDataReference(_values);
        ref var position = ref MemoryMarshal.GetArrayDataReference(_positions);
        for (; bits != 0; bits &= bits - 1)
        {
            var at = start + BitOperations.TrailingZeroCount(bits);
            Unsafe.Add(ref value, count) = Unsafe.Add(ref first, at);
            Unsafe.Add(ref position, count) = at;
            count++;
        }

        _count = count;
        return true;
    }

    /// <summary>Gives each value its weight.</summary>
    internal void Weigh(FloatPower power)
    {
        // What fills the last vector up weighs nothing.
        var filled = (_count + Width - 1) / Width * Width;
        _values.AsSpan(_count, filled - _count).Fill(float.NegativeInfinity);
        for (var i = 0; i < filled; i += Width)
            FastSoftmax.Exp2(power.Of(Vector512.Create(_values, i))).CopyTo(_weights, i);
        _weights.AsSpan(_count, filled - _count).Clear();
    }

    /// <summary>The first value of the total order whose cumulative mass reaches <paramref name="target"/>; false where none does.</summary>
    internal bool TryFind(double target, out BandPoint point)
    {
        point = default;
        var before = 0.0;
        var count = Bucket(target, ref before);
        while (count > Few)
        {
            var (least, greatest) = Range(count);
            if (least == greatest)
                return TryWalk(_members.AsSpan(0, count), target, before, out point);
            var left = Bucket(count, least, greatest, target, ref before);
            if (left == count)
                return false;
            count = left;
        }

        // A few, by insertion.
        for (var i = 0; i < count; i++)
        {
            var at = i;
            for (; at > 0 && _values[_members[i]] > _values[_sorted[at - 1]]; at--)
                _sorted[at] = _sorted[at - 1];
            _sorted[at] = _members[i];
        }

        return TryWalk(_sorted.AsSpan(0, count), target, before, out point);
    }

    /// <summary>The sums over the value at a place of the band and all of the band before it in the total order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal (double Z, double WeightedSum) Sums(int place, float max, double scale)
    {
        var (cut, limit) = (Vector512.Create(_values[place]), Vector512.Create(place));
        var center = Vector512.Create(max);
        var step = Vector512.Create(Width);
        var places = Vector512<int>.Indices;
        Vector512<double> z0 = default, z1 = default, s0 = default, s1 = default;
        for (var i = 0; i < _count; i += Width, places += step)
        {
            var values = Vector512.Create(_values, i);
            var stays = Vector512.GreaterThan(values, cut)
                | (Vector512.Equals(values, cut) & Vector512.LessThanOrEqual(places, limit).AsSingle());
            var weights = Vector512.ConditionalSelect(stays, Vector512.Create(_weights, i), Vector512<float>.Zero);
            var differences = Vector512.ConditionalSelect(stays, values - center, Vector512<float>.Zero);
            var (w0, w1) = Vector512.Widen(weights);
            var (d0, d1) = Vector512.Widen(differences);
            z0 += w0;
            z1 += w1;
            s0 += w0 * d0;
            s1 += w1 * d1;
        }

        return (Lanes.Sum(z0, z1), Lanes.Sum(s0, s1) * scale);
    }

    /// <summary>The first narrowing, over the whole band: its members are the places of one bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Bucket(double target, ref double before)
    {
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        var (leasts, greatests) = (Vector512.Create(least), Vector512.Create(greatest));
        var i = 0;
        for (; i + Width <= _count; i += Width)
        {
            var values = Vector512.Create(_values, i);
            leasts = Vector512.MinNative(leasts, values);
            greatests = Vector512.MaxNative(greatests, values);
        }

        for (var lane = 0; lane < Width; lane++)
            (least, greatest) = (Math.Min(least, leasts[lane]), Math.Max(greatest, greatests[lane]));
        for (; i < _count; i++)
            (least, greatest) = (Math.Min(least, _values[i]), Math.Max(greatest, _values[i]));

        // Rounding keeps the order: a greater value is never in a later bucket.
        var (top, factor, last) = (
            Vector512.Create(greatest), Vector512.Create(Factor(least, greatest)), Vector512.Create(BucketCount - 1));
        for (i = 0; i < _count; i += Width)
        {
            var index = Vector512.ConvertToInt32Native((top - Vector512.Create(_values, i)) * factor);
            Vector512.Max(Vector512.Min(index, last), Vector512<int>.Zero).CopyTo(_buckets, i);
        }

        Array.Clear(_mass);
        ref var mass = ref MemoryMarshal.GetArrayDataReference(_mass);
        for (i = 0; i < _count; i++)
            Unsafe.Add(ref mass, _buckets[i]) += _weights[i];
        var bucket = Walk(target, ref before);

        var wanted = Vector512.Create(bucket);
        var count = 0;
        for (i = 0; i < _count; i += Width)
        {
            var found = Vector512.Equals(Vector512.Create(_buckets, i), wanted).ExtractMostSignificantBits();
            for (; found != 0; found &= found - 1)
            {
                if (i + BitOperations.TrailingZeroCount(found) is var place && place < _count)
                    _members[count++] = place;
            }
        }

        return count;
    }

    /// <summary>A further narrowing, of the members alone.</summary>
    private int Bucket(int count, float least, float greatest, double target, ref double before)
    {
        var factor = Factor(least, greatest);
        Array.Clear(_mass);
        for (var i = 0; i < count; i++)
        {
            var place = _members[i];
            _buckets[i] = Math.Clamp((int)((greatest - _values[place]) * factor), 0, BucketCount - 1);
            _mass[_buckets[i]] += _weights[place];
        }

        var bucket = Walk(target, ref before);
        var left = 0;
        for (var i = 0; i < count; i++)
        {
            if (_buckets[i] == bucket)
                _members[left++] = _members[i];
        }

        return left;
    }

    private int Walk(double target, ref double before)
    {
        var bucket = 0;
        while (bucket < BucketCount - 1 && before + _mass[bucket] < target)
            before += _mass[bucket++];
        return bucket;
    }

    private bool TryWalk(ReadOnlySpan<int> places, double target, double before, out BandPoint point)
    {
        foreach (var place in places)
        {
            double weight = _weights[place];
            if (before + weight >= target)
            {
                point = new BandPoint(place, _positions[place], before, weight);
                return true;
            }

            before += weight;
        }

        point = default;
        return false;
    }

    private (float Least, float Greatest) Range(int count)
    {
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var i = 0; i < count; i++)
            (least, greatest) = (Math.Min(least, _values[_members[i]]), Math.Max(greatest, _values[_members[i]]));
        return (least, greatest);
    }

    private static float Factor(float least, float greatest) => greatest > least ? BucketCount / (greatest - least) : 0;
}
