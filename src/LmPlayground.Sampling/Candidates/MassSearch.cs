using System.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>Where a cumulative mass falls in the total order.</summary>
/// <param name="Position">The position of the value that it falls on.</param>
/// <param name="Before">The mass of all values before it.</param>
internal readonly record struct MassPoint(int Position, double Before);

/// <summary>
/// Finds the value on which a given cumulative mass falls in the total order (greater value first, then lower position) without
/// sorting all of them: first among the few greatest, else by narrowing a range of values in buckets until few are left.
/// </summary>
/// <remarks>Reuses its buffers: not thread-safe. The result depends on the values alone, not on the machine.</remarks>
internal sealed class MassSearch
{
    private const int HeadSize = 64;
    private const int BucketCount = 1024;

    private readonly int[] _head = new int[HeadSize];
    private readonly double[] _bucketMass = new double[BucketCount];
    private int[] _members = [];
    private ushort[] _buckets = [];

    /// <summary>
    /// The first value whose cumulative mass reaches <paramref name="target"/>: exceeds it where <paramref name="strictly"/>, else equals
    /// or exceeds it. Values without weight are never found. Rounding can leave the sum short of the target: then it is the last value with weight.
    /// </summary>
    /// <param name="values">The values that order the positions.</param>
    /// <param name="weights">The mass of each; 0 where the value is -infinity.</param>
    /// <param name="target">The mass sought, at least 0.</param>
    /// <param name="strictly">Whether the cumulative mass must exceed the target.</param>
    internal MassPoint Find<T>(ReadOnlySpan<T> values, ReadOnlySpan<double> weights, double target, bool strictly)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var head = _head.AsSpan(0, TopSelector.Select(values, _head));
        var walk = new Walk(target, strictly);
        if (walk.Through(head, weights) || head.Length < HeadSize)
            return walk.Result;

        if (_members.Length < values.Length)
            _members = new int[values.Length];
        var members = _members.AsSpan(0, values.Length);
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (weights[i] > 0)
                members[count++] = i;
        }

        walk = new Walk(target, strictly);
        Narrow(values, weights, members[..count], ref walk);
        return walk.Result;
    }

    /// <summary>
    /// The same among members that follow on a mass that is known already; null where the target does not fall on one of them.
    /// </summary>
    internal MassPoint? FindAfter(
        double before, ReadOnlySpan<float> values, ReadOnlySpan<double> weights, double target, bool strictly)
    {
        var walk = new Walk(target, strictly);
        if (before > 0 && walk.Reaches(before))
            return null;
        walk.Skip(before);
        if (_members.Length < values.Length)
            _members = new int[values.Length];
        var members = _members.AsSpan(0, values.Length);
        for (var i = 0; i < members.Length; i++)
            members[i] = i;
        if (members.IsEmpty)
            return null;
        Narrow(values, weights, members, ref walk);
        return walk.IsReached ? walk.Result : null;
    }

    private void Narrow<T>(ReadOnlySpan<T> values, ReadOnlySpan<double> weights, Span<int> members, ref Walk walk)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        while (true)
        {
            var (least, greatest) = Range(values, members);
            if (least == greatest)
            {
                walk.Through(members, weights);
                return;
            }

            if (members.Length <= HeadSize)
            {
                var sorted = _head.AsSpan(0, members.Length);
                SortInto(values, members, sorted);
                walk.Through(sorted, weights);
                return;
            }

            var kept = Bucket(values, weights, members, greatest, BucketCount / (ToDouble(greatest) - ToDouble(least)), ref walk);
            members = members[..kept];
        }
    }

    /// <summary>Moves the members of the bucket in which the target falls to the front, in order of position; returns how many they are.</summary>
    private int Bucket<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<double> weights, Span<int> members, T greatest, double scale, ref Walk walk)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Array.Clear(_bucketMass);
        if (_buckets.Length < members.Length)
            _buckets = new ushort[members.Length];
        var last = 0;
        for (var i = 0; i < members.Length; i++)
        {
            var index = Index(values[members[i]], greatest, scale);
            _buckets[i] = (ushort)index;
            _bucketMass[index] += weights[members[i]];
            last = Math.Max(last, index);
        }

        var bucket = 0;
        while (bucket < last && !walk.Reaches(_bucketMass[bucket]))
            walk.Skip(_bucketMass[bucket++]);

        var kept = 0;
        for (var i = 0; i < members.Length; i++)
        {
            if (_buckets[i] == bucket)
                members[kept++] = members[i];
        }

        return kept;
    }

    private static int Index<T>(T value, T greatest, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Math.Min(BucketCount - 1, (int)((ToDouble(greatest) - ToDouble(value)) * scale));

    private static double ToDouble<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateTruncating(value);

    private static (T Least, T Greatest) Range<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> members)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T least = T.PositiveInfinity, greatest = T.NegativeInfinity;
        foreach (var position in members)
        {
            var value = values[position];
            if (value < least)
                least = value;
            if (value > greatest)
                greatest = value;
        }

        return (least, greatest);
    }

    private static void SortInto<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> members, Span<int> sorted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < members.Length; i++)
        {
            var at = i;
            while (at > 0 && TopSelector.Precedes(values, members[i], sorted[at - 1]))
            {
                sorted[at] = sorted[at - 1];
                at--;
            }

            sorted[at] = members[i];
        }
    }

    /// <summary>Adds up masses in order until they reach the target.</summary>
    private struct Walk(double target, bool strictly)
    {
        private double _sum;

        public MassPoint Result { get; private set; } = new(-1, 0);

        public bool IsReached { get; private set; }

        public readonly bool Reaches(double mass) => strictly ? _sum + mass > target : _sum + mass >= target;

        public void Skip(double mass) => _sum += mass;

        public bool Through(ReadOnlySpan<int> positions, ReadOnlySpan<double> weights)
        {
            foreach (var position in positions)
            {
                var weight = weights[position];
                if (weight == 0)
                    continue;
                Result = new MassPoint(position, _sum);
                if (Reaches(weight))
                    return IsReached = true;
                _sum += weight;
            }

            return false;
        }
    }
}
