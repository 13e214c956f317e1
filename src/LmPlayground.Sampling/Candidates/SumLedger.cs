using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>
/// The sums over a large vocabulary, kept up to date while a stage moves a few logits: what left is subtracted and what came is added.
/// Only for what is shown; what decides is summed anew.
/// </summary>
internal sealed class SumLedger
{
    private const int Capacity = 1024;

    // Where less than this share of what was subtracted is left, rounding would show: the sums are then taken anew.
    private const double LeastLeft = 1e-4;

    private readonly float[] _old = new float[Capacity];
    private readonly float[] _new = new float[Capacity];
    private int _entries;
    private double _scale;
    private bool _isOpen;

    /// <summary>The greatest value when the ledger was opened: the sums are relative to it.</summary>
    internal float Max { get; private set; }

    /// <summary>The sum of the weights.</summary>
    internal double Z { get; private set; }

    /// <summary>As <see cref="Softmax.Sums"/> defines it.</summary>
    internal double WeightedSum { get; private set; }

    internal void Open((double Z, double WeightedSum) sums, float max, double scale)
    {
        (Z, WeightedSum) = sums;
        (Max, _scale, _entries, _isOpen) = (max, scale, 0, true);
    }

    internal void Close() => _isOpen = false;

    /// <summary>Notes that a value became another one; -infinity for one that is gone.</summary>
    internal void Note(float old, float now)
    {
        if (!_isOpen)
            return;
        if (_entries == Capacity || now > Max)
        {
            _isOpen = false;
            return;
        }

        _old[_entries] = old;
        _new[_entries++] = now;
    }

    /// <summary>Brings the sums up to date; false where they must be taken anew.</summary>
    internal bool TryBalance(double scale)
    {
        if (!_isOpen || scale != _scale)
            return false;
        if (_entries == 0)
            return true;
        var gone = Softmax.Sums(_old.AsSpan(0, _entries), Max, _scale);
        var come = Softmax.Sums(_new.AsSpan(0, _entries), Max, _scale);
        _entries = 0;
        var z = Z - gone.Z + come.Z;
        if (z < LeastLeft * gone.Z)
            return _isOpen = false;
        Z = z;
        WeightedSum += come.WeightedSum - gone.WeightedSum;
        return true;
    }
}
