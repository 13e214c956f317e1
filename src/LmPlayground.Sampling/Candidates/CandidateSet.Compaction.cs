using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Candidates;

// How truncations remove: few that stay are moved together, many stay where they are.
public sealed partial class CandidateSet
{
    /// <summary>Less than one in this many left, and the gaps are closed.</summary>
    private const int SparseShare = 8;

    /// <summary>Removes what lies outside <paramref name="band"/>. At least one token must lie in it.</summary>
    private void Keep(in Band band)
    {
        var before = Count;
        if (_max > band.High || (_max == band.High && band.From > 0))
            _maxIsStale = true;
        if (_isCompact)
            Count = _length = CompactList(band);
        else if (IsNarrow(band))
            (Count, _isCompact) = (CompactVocabulary(band), true);
        else
            Count = CutInPlace(band);
        if (!_isCompact && Count < _length / SparseShare)
            CloseGaps();
        if (_isCompact)
            _length = Count;
        if (Count != before)
            Forget();
    }

    /// <summary>Whether few blocks hold what stays.</summary>
    private bool IsNarrow(in Band band)
    {
        var passing = 0;
        foreach (var maximum in Blocks.Values)
            passing += maximum >= band.Low ? 1 : 0;
        return passing < Blocks.Values.Length / 4;
    }

    private int CompactList(in Band band)
    {
        var kept = 0;
        for (var i = 0; i < _length; i++)
        {
            if (band.Holds(_values[i], i))
            {
                _ids[kept] = _ids[i];
                _values[kept++] = _values[i];
            }
            else if (_removedBy[_ids[i]] == Kept)
            {
                _removedBy[_ids[i]] = (byte)_stage;
            }
        }

        return kept;
    }

    private int CompactVocabulary(in Band band)
    {
        MarkAll();
        var kept = 0;
        var maxima = Blocks.Values;
        for (var block = 0; block < maxima.Length; block++)
        {
            if (!(maxima[block] >= band.Low))
                continue;
            var end = Math.Min(_length, (block + 1) * BlockMaxima.Size);
            for (var i = block * BlockMaxima.Size; i < end; i++)
                kept = KeepIf(i, band, kept);
        }

        return kept;
    }

    /// <summary>Removes what lies outside the band and leaves the rest where it is; returns how many are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int CutInPlace(in Band band)
    {
        var kept = 0;
        var blocks = Blocks;
        var stage = Vector512.Create((byte)_stage);

        // Ties with an end of the band stay or go all together where it does not end.
        var (low, lowPastTie) = (Vector512.Create(band.Low), Vector512.Create(MathF.BitIncrement(band.Low)));
        var (high, highPastTie) = (Vector512.Create(band.High), Vector512.Create(MathF.BitDecrement(band.High)));
        for (var start = 0; start < _length; start += BlockMaxima.Size)
        {
            var end = start + BlockMaxima.Size;
            var hasLow = start <= band.To && band.To < end;
            var hasHigh = start < band.From && band.From < end;
            if (end > _length || hasLow || hasHigh)
            {
                kept += CutOneByOne(band, start, Math.Min(end, _length));
                continue;
            }

            var lows = end <= band.To ? low : lowPastTie;
            var highs = start >= band.From ? high : highPastTie;
            var m0 = Cut(start, lows, highs, out var v0);
            var m1 = Cut(start + 16, lows, highs, out var v1);
            var m2 = Cut(start + 32, lows, highs, out var v2);
            var m3 = Cut(start + 48, lows, highs, out var v3);
            blocks.Set(start / BlockMaxima.Size, Vector512.MaxNative(Vector512.MaxNative(v0, v1), Vector512.MaxNative(v2, v3)));
            var stays = Vector512.Narrow(Vector512.Narrow(m0, m1), Vector512.Narrow(m2, m3)).AsByte();
            var marks = Vector512.Create(_removedBy, start);
            var goes = Vector512.AndNot(Vector512.Equals(marks, Vector512<byte>.Zero), stays);
            Vector512.ConditionalSelect(goes, stage, marks).CopyTo(_removedBy, start);
            kept += BitOperations.PopCount(stays.ExtractMostSignificantBits());
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<int> Cut(int at, Vector512<float> lows, Vector512<float> highs, out Vector512<float> left)
    {
        var values = Vector512.Create(_values, at);
        var stays = Vector512.BitwiseAnd(Vector512.GreaterThanOrEqual(values, lows), Vector512.LessThanOrEqual(values, highs));
        left = Vector512.ConditionalSelect(stays, values, Vector512.Create(float.NegativeInfinity));
        left.CopyTo(_values, at);
        return stays.AsInt32();
    }

    private int CutOneByOne(in Band band, int start, int end)
    {
        var kept = 0;
        for (var i = start; i < end; i++)
        {
            if (float.IsNegativeInfinity(_values[i]))
                continue;
            var old = _values[i];
            if (band.Holds(old, i))
            {
                kept++;
                continue;
            }

            _values[i] = float.NegativeInfinity;
            _removedBy[i] = (byte)_stage;
            _blocks.Follow(Values, i, old);
        }

        return kept;
    }

    /// <summary>Moves what is left of the vocabulary together.</summary>
    private void CloseGaps()
    {
        var kept = 0;
        var maxima = Blocks.Values;
        for (var block = 0; block < maxima.Length; block++)
        {
            if (float.IsNegativeInfinity(maxima[block]))
                continue;
            var end = Math.Min(_length, (block + 1) * BlockMaxima.Size);
            for (var i = block * BlockMaxima.Size; i < end; i++)
            {
                if (float.IsNegativeInfinity(_values[i]))
                    continue;
                _ids[kept] = i;
                _values[kept++] = _values[i];
            }
        }

        _length = kept;
        _isCompact = true;
    }

    private int KeepIf(int id, in Band band, int kept)
    {
        if (!band.Holds(_values[id], id))
            return kept;
        _ids[kept] = id;
        _values[kept] = _values[id];
        _removedBy[id] = Kept;
        return kept + 1;
    }

    /// <summary>Marks every token that is left as removed by the running stage.</summary>
    private void MarkAll()
    {
        var marks = _removedBy.AsSpan(0, VocabularySize);
        var stage = Vector512.Create((byte)_stage);
        var i = 0;
        for (; i + Vector512<byte>.Count <= marks.Length; i += Vector512<byte>.Count)
        {
            var block = Vector512.Create<byte>(marks[i..]);
            var left = Vector512.Equals(block, Vector512<byte>.Zero);
            Vector512.ConditionalSelect(left, stage, block).CopyTo(marks[i..]);
        }

        for (; i < marks.Length; i++)
            marks[i] = marks[i] == Kept ? (byte)_stage : marks[i];
    }
}
