using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>
/// The greatest value of each block of 64: whoever looks for great values reads the few blocks that can hold them. The n-th greatest
/// block maximum is at most the n-th greatest value.
/// </summary>
/// <remarks>Keeps its buffers: not thread-safe.</remarks>
internal sealed class BlockMaxima
{
    /// <summary>How many values a block has; the last one may have fewer.</summary>
    internal const int Size = 64;

    /// <summary>For how many of the greatest <see cref="Least"/> can be asked.</summary>
    internal const int Most = 64;

    private const int GreatBlocks = 24;

    private const int Width = 16;

    private readonly int[] _selected = new int[Most];
    private float[] _maxima = [];
    private int _count;
    private float _great;
    private bool _hasGreat;

    /// <summary>Whether the maxima are those of the values as they are.</summary>
    internal bool IsValid { get; private set; }

    /// <summary>The maxima.</summary>
    internal ReadOnlySpan<float> Values => _maxima.AsSpan(0, _count);

    /// <summary>The 24th greatest block maximum: blocks that reach it count as great; -infinity where there are fewer blocks.</summary>
    internal float Great
    {
        get
        {
            if (!_hasGreat)
                _great = Least(GreatBlocks);
            _hasGreat = true;
            return _great;
        }
    }

    /// <summary>The <paramref name="n"/>-th greatest block maximum, for at most 64; -infinity where there are fewer blocks.</summary>
    internal float Least(int n)
    {
        var selected = _selected.AsSpan(0, n);
        return TopSelector.Select(Values, selected) < n ? float.NegativeInfinity : _maxima[selected[^1]];
    }

    internal void Invalidate() => IsValid = _hasGreat = false;

    /// <summary>Copies <paramref name="source"/> and takes the maxima on the way; says whether a value is NaN or infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal bool Copy(ReadOnlySpan<float> source, Span<float> destination)
    {
        Reserve(source.Length);
        var greatestBits = Vector512<int>.Zero;
        var i = 0;
        for (; i + Size <= source.Length; i += Size)
        {
            var a = Vector512.Create(source.Slice(i, Width));
            var b = Vector512.Create(source.Slice(i + Width, Width));
            var c = Vector512.Create(source.Slice(i + 2 * Width, Width));
            var d = Vector512.Create(source.Slice(i + 3 * Width, Width));
            a.CopyTo(destination[i..]);
            b.CopyTo(destination[(i + Width)..]);
            c.CopyTo(destination[(i + 2 * Width)..]);
            d.CopyTo(destination[(i + 3 * Width)..]);
            _maxima[i / Size] = Greatest(Vector512.MaxNative(Vector512.MaxNative(a, b), Vector512.MaxNative(c, d)));

            // The bits of a magnitude, as an integer, have the order of the magnitudes, with infinity and then NaN at the end.
            var bits = Vector512.Max(
                Vector512.Max(Magnitude(a), Magnitude(b)), Vector512.Max(Magnitude(c), Magnitude(d)));
            greatestBits = Vector512.Max(greatestBits, bits);
        }

        var odd = Vector512.GreaterThanOrEqualAny(greatestBits, Vector512.Create(BitConverter.SingleToInt32Bits(float.PositiveInfinity)));
        for (; i < source.Length; i++)
        {
            destination[i] = source[i];
            odd |= !float.IsFinite(source[i]);
        }

        SetLast(source);
        return odd;
    }

    /// <summary>Takes the maxima of <paramref name="values"/>, which has no NaN.</summary>
    internal void Measure(ReadOnlySpan<float> values)
    {
        if (IsValid)
            return;
        Reserve(values.Length);
        for (var block = 0; block < values.Length / Size; block++)
            _maxima[block] = GreatestOf(values.Slice(block * Size, Size));
        SetLast(values);
    }

    /// <summary>Follows the change of one value.</summary>
    internal void Follow(ReadOnlySpan<float> values, int position, float old)
    {
        if (!IsValid)
            return;
        var block = position / Size;
        var now = values[position];
        if (now >= _maxima[block])
            _maxima[block] = now;
        else if (old == _maxima[block])
            _maxima[block] = GreatestOf(values[(block * Size)..Math.Min(values.Length, (block + 1) * Size)]);
        else
            return;
        _hasGreat = false;
    }

    private void Reserve(int length)
    {
        _count = (length + Size - 1) / Size;
        if (_maxima.Length < _count)
            _maxima = new float[_count];
    }

    private void SetLast(ReadOnlySpan<float> values)
    {
        if (values.Length % Size > 0)
            _maxima[_count - 1] = GreatestOf(values[((_count - 1) * Size)..]);
        IsValid = true;
        _hasGreat = false;
    }

    private static float GreatestOf(ReadOnlySpan<float> values)
    {
        var greatest = Vector512.Create(float.NegativeInfinity);
        var i = 0;
        for (; i + Width <= values.Length; i += Width)
            greatest = Vector512.MaxNative(greatest, Vector512.Create(values.Slice(i, Width)));
        var result = Greatest(greatest);
        for (; i < values.Length; i++)
            result = values[i] > result ? values[i] : result;
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Magnitude(Vector512<float> values) => values.AsInt32() & Vector512.Create(int.MaxValue);

    /// <summary>Sets the greatest value of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Set(int block, Vector512<float> values)
    {
        _maxima[block] = Greatest(values);
        _hasGreat = false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Greatest(Vector512<float> values)
    {
        var half = Vector256.MaxNative(values.GetLower(), values.GetUpper());
        var quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
        var pair = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pair, Vector128.Shuffle(pair, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
