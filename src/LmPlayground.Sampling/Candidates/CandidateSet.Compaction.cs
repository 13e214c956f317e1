using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Candidates;

// How truncations remove: what stays is moved together.
public sealed partial class CandidateSet
{
    private const int Width = 16;

    /// <summary>Removes what lies outside <paramref name="band"/> and closes the gaps. At least one token must lie in it.</summary>
    private void Keep(in Band band)
    {
        var before = Count;
        var kept = _isCompact ? CompactList(band) : CompactVocabulary(band);
        _length = kept;
        Count = kept;
        _isCompact = true;
        if (kept == before)
            return;
        if (_max > band.High || (_max == band.High && band.From > 0))
            _maxIsStale = true;
        Forget();
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
        var i = 0;
        for (; i + Width <= _length; i += Width)
        {
            if (!Vector512.GreaterThanOrEqualAny(Vector512.Create(_values, i), Vector512.Create(band.Low)))
                continue;
            for (var j = i; j < i + Width; j++)
                kept = KeepIf(j, band, kept);
        }

        for (; i < _length; i++)
            kept = KeepIf(i, band, kept);
        return kept;
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
