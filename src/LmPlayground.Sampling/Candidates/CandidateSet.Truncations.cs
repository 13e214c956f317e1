using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

// What truncations keep. Each leaves at least one token.
public sealed partial class CandidateSet
{
    private const int SelectionLimit = 1024;

    // A weight below it counts as 0.
    private const double SmallestNormal = 2.2250738585072014e-308;

    private int[] _selected = [];

    /// <summary>Keeps the first token of the total order alone.</summary>
    public void KeepBest()
    {
        if (Count > 1)
            Keep(Band.DownTo(Max, Values.IndexOf(Max)));
    }

    /// <summary>Keeps the <paramref name="k"/> greatest logits and all that equal the least of them.</summary>
    /// <param name="k">At least 1.</param>
    public void KeepTop(int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        if (k < Count)
            Keep(Band.DownTo(KthGreatest(k)));
    }

    /// <summary>Keeps each token before which, in the total order, less than <paramref name="mass"/> of the probability lies.</summary>
    /// <param name="mass">0 (the first token alone) to 1.</param>
    public void KeepNucleus(double mass)
    {
        if (mass >= 1 || Count == 1)
            return;
        if (_isCompact || _length <= Small)
        {
            var position = Cross(mass, strictly: false).Point.Position;
            Keep(Band.DownTo(_values[position], position));
            return;
        }

        // The search has summed what is left on the way.
        var last = CrossLarge(mass, strictly: false).Position;
        Keep(Band.DownTo(_values[last], last));
        _ledger.Open(_sampledSearch.SumHead(Max, _scale), Max, _scale);
    }

    /// <summary>Keeps the tokens of at least this probability; the most probable ones always stay.</summary>
    /// <param name="probability">0 to 1.</param>
    public void KeepProbable(double probability) => KeepWeightAtLeast(probability * Z);

    /// <summary>Keeps the tokens whose probability is at least this share of the greatest one's; the most probable ones always stay.</summary>
    /// <param name="share">0 to 1.</param>
    public void KeepRelative(double share) => KeepWeightAtLeast(share);

    /// <summary>Keeps the tokens whose logit is at least the greatest one less <paramref name="n"/> standard deviations.</summary>
    /// <param name="n">Above 0. The deviation is the population's, over the tokens left; a division of all logits divides it too and changes nothing.</param>
    public void KeepWithinDeviations(double n)
    {
        if (Count > 1)
            KeepDownTo(-n * Moments.Deviation(Values, Count), 1);
    }

    /// <summary>
    /// Removes the tokens of at least this probability, except the least probable of them (the last in the total order). Nothing
    /// happens where fewer than two reach it.
    /// </summary>
    /// <param name="probability">0 to 1.</param>
    public void DropTop(double probability)
    {
        if (Count == 1 || LeastReaching(probability * Z) is not { } cut)
            return;
        var reached = 0;
        var last = -1;
        for (var i = 0; i < _length; i++)
        {
            if (!(_values[i] >= cut))
                continue;
            reached++;
            if (last < 0 || _values[i] <= _values[last])
                last = i;
        }

        if (reached > 1)
            Keep(new Band(_values[last], last, -float.MaxValue, int.MaxValue));
    }

    /// <summary>The first tokens of the total order, as positions for <see cref="Difference"/>; at most 1,024.</summary>
    internal ReadOnlySpan<int> Best(int count)
    {
        if (_selected.Length == 0)
            _selected = new int[SelectionLimit];
        var selected = _selected.AsSpan(0, Math.Min(count, Count));
        return selected[..Select(selected)];
    }

    /// <summary>The difference of the logits at two positions of <see cref="Best"/>.</summary>
    internal double Difference(int first, int second) => ((double)_values[first] - _values[second]) * _scale;

    private float KthGreatest(int k) =>
        k > SelectionLimit ? RadixSelector.KthGreatest(Values, k) : _values[Best(k)[^1]];

    /// <summary>Selects among all positions, or among those of the blocks whose maxima show that they can be among the first.</summary>
    private int Select(Span<int> selected)
    {
        if (_isCompact || _length <= Small || selected.Length > BlockMaxima.Most)
            return TopSelector.Select(Values, selected);
        var least = Blocks.Least(selected.Length);
        return TopSelector.Select(Values, Blocks.Values, BlockMaxima.Size, least, selected);
    }

    private void KeepWeightAtLeast(double weight)
    {
        if (Count > 1 && LeastReaching(Math.Min(weight, 1)) is { } cut)
            Keep(Band.DownTo(cut));
    }

    private void KeepDownTo(double distance, double scale) => Keep(Band.DownTo(LeastWithin(distance, scale)));

    /// <summary>The least value whose weight reaches <paramref name="weight"/>; null where no value does.</summary>
    private float? LeastReaching(double weight) => weight switch
    {
        > 1 => null,
        > 0 => LeastWithin(Exponential.Log(Math.Max(weight, SmallestNormal)), _scale),
        _ => -float.MaxValue,
    };

    /// <summary>The least float32 value v with (v - greatest) * scale &gt;= distance: found by bisection over all of them, in order.</summary>
    /// <param name="distance">0 or less.</param>
    /// <param name="scale">What a difference of values is multiplied with.</param>
    private float LeastWithin(double distance, double scale)
    {
        var max = Max;
        uint reached = FloatOrder.Key(max), missed = FloatOrder.Key(-float.MaxValue) - 1;
        while (reached - missed > 1)
        {
            var middle = missed + (reached - missed) / 2;
            if (((double)FloatOrder.Value(middle) - max) * scale >= distance)
                reached = middle;
            else
                missed = middle;
        }

        return FloatOrder.Value(reached);
    }
}
