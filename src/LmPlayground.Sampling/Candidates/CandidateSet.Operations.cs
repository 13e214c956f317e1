using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Candidates;

// What stages do. Each operation leaves at least one token.
public sealed partial class CandidateSet
{
    private const int SelectionLimit = 1024;
    private const int Width = 16;

    /// <summary>Divides every logit by a temperature above 0.</summary>
    public void Divide(double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);

        // A temperature so small that its inverse overflows sharpens as far as doubles can; 0 * infinity would be NaN.
        _scale = Math.Min(_scale / temperature, double.MaxValue);
        Moved = Count;
        Forget();
    }

    /// <summary>Keeps the first token of the total order alone.</summary>
    public void KeepBest()
    {
        if (Count == 1)
            return;
        var best = _values.AsSpan(0, _length).IndexOf(_max);
        Compact(_max, best);
    }

    /// <summary>Keeps the <paramref name="k"/> greatest logits and all that equal the least of them.</summary>
    /// <param name="k">At least 1.</param>
    public void KeepTop(int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        if (k < Count)
            Compact(KthGreatest(k), int.MaxValue);
    }

    /// <summary>Keeps each token before which, in the total order, less than <paramref name="mass"/> of the probability lies.</summary>
    /// <param name="mass">0 (the first token alone) to 1.</param>
    public void KeepNucleus(double mass)
    {
        if (mass >= 1 || Count == 1)
            return;
        var weights = MeasureWeights();
        var crossing = _massSearch.Find(_values.AsSpan(0, _length), weights, mass * _z, strictly: false);
        Compact(_values[crossing.Position], crossing.Position);
    }

    private float KthGreatest(int k)
    {
        var values = _values.AsSpan(0, _length);
        if (k > SelectionLimit)
            return RadixSelector.KthGreatest(values, k);
        if (_selected.Length == 0)
            _selected = new int[SelectionLimit];
        var selected = _selected.AsSpan(0, k);
        TopSelector.Select(values, selected);
        return values[selected[^1]];
    }

    /// <summary>Drops what comes after (<paramref name="value"/>, <paramref name="position"/>) in the total order and closes the gaps.</summary>
    private void Compact(float value, int position)
    {
        var before = Count;
        var kept = _isCompact ? CompactList(value, position) : CompactVocabulary(value, position);
        _length = kept;
        Count = kept;
        _isCompact = true;
        if (kept != before)
            Forget();
    }

    private int CompactList(float value, int position)
    {
        var kept = 0;
        for (var i = 0; i < _length; i++)
        {
            if (IsKept(i, value, position))
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

    private int CompactVocabulary(float value, int position)
    {
        MarkAll();
        var kept = 0;
        var i = 0;
        for (; i + Width <= _length; i += Width)
        {
            if (!Vector512.GreaterThanOrEqualAny(Vector512.Create(_values, i), Vector512.Create(value)))
                continue;
            for (var j = i; j < i + Width; j++)
                kept = KeepIf(j, value, position, kept);
        }

        for (; i < _length; i++)
            kept = KeepIf(i, value, position, kept);
        return kept;
    }

    private int KeepIf(int id, float value, int position, int kept)
    {
        if (!IsKept(id, value, position))
            return kept;
        _ids[kept] = id;
        _values[kept] = _values[id];
        _removedBy[id] = Kept;
        return kept + 1;
    }

    private bool IsKept(int at, float value, int position) =>
        _values[at] > value || (_values[at] == value && at <= position);

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
