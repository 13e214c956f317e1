using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

// Typical-p and tail-free sampling, which look at more than the order of the logits.
public sealed partial class CandidateSet
{
    private const int TailFreeHead = 512;

    private double[] _closeness = [];
    private ulong[] _ordered = [];

    /// <summary>
    /// Keeps the tokens whose surprisal is nearest to the entropy until they hold <paramref name="mass"/>. The token that crosses it
    /// stays, and so do all that are as near.
    /// </summary>
    /// <param name="mass">0 to 1.</param>
    public void KeepTypical(double mass)
    {
        if (mass >= 1 || Count == 1)
            return;
        var entropy = EntropyInNats;
        var weights = MeasureWeights();
        var max = Max;
        var typical = Exponential.Log(Z) - entropy;
        if (_closeness.Length < _length)
            _closeness = new double[_values.Length];
        var closeness = _closeness.AsSpan(0, _length);
        for (var i = 0; i < closeness.Length; i++)
            closeness[i] = -Math.Abs(((double)_values[i] - max) * _scale - typical);

        var crossing = _massSearch.Find<double>(closeness, weights, mass * Z, strictly: false);

        // The distance falls and then rises along the order, so what is within it is one band.
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        for (var i = 0; i < closeness.Length; i++)
        {
            if (closeness[i] < closeness[crossing.Position])
                continue;
            low = Math.Min(low, _values[i]);
            high = Math.Max(high, _values[i]);
        }

        Keep(new Band(high, 0, low, int.MaxValue));
    }

    /// <summary>
    /// Cuts the tail off where the curve of the sorted probabilities has become straight: keeps the tokens before the first one at
    /// which the normalised sum of absolute second differences exceeds <paramref name="z"/>, and at least one. Fewer than three tokens
    /// have no second difference, and a curve without any has no tail: all stay.
    /// </summary>
    /// <param name="z">0 to 1.</param>
    public void KeepTailFree(double z)
    {
        // Second differences below a token of probability p sum to at most 2 p, so a head of the order decides unless the cut is
        // within that bound; then a longer head does, and at last the whole order.
        for (var head = TailFreeHead; z < 1 && Count >= 3; head *= 8)
        {
            var ordered = Ordered(Math.Min(head, Count));
            if (TailFreeCut(ordered, z, out var last))
            {
                if (last < Count - 1)
                    Keep(Band.DownTo(FloatOrder.Value((uint)(ordered[^(last + 1)] >> 32)), (int)~(uint)ordered[^(last + 1)]));
                return;
            }
        }
    }

    /// <summary>Finds the last token that stays, as an index from the best; false where this head of the order is too short to tell.</summary>
    private bool TailFreeCut(ReadOnlySpan<ulong> ordered, double z, out int last)
    {
        var isWhole = ordered.Length == Count;
        double sum = 0, a = WeightAt(ordered, 0), b = WeightAt(ordered, 1);
        for (var i = 0; i + 2 < ordered.Length; i++)
        {
            var c = WeightAt(ordered, i + 2);
            sum += Math.Abs(a - b - (b - c));
            (a, b) = (b, c);
        }

        var least = sum;
        var most = isWhole ? sum : sum + 2 * a;
        last = Count - 1;
        if (most == 0)
            return true;

        sum = 0;
        (a, b) = (WeightAt(ordered, 0), WeightAt(ordered, 1));
        for (var i = 0; i + 2 < ordered.Length; i++)
        {
            var c = WeightAt(ordered, i + 2);
            sum += Math.Abs(a - b - (b - c));
            (a, b) = (b, c);
            if (sum > z * least != sum > z * most)
                return false;

            // The first token always stays, even where the first difference alone exceeds z.
            if (sum > z * most)
            {
                last = Math.Max(0, i - 1);
                return true;
            }
        }

        return isWhole;
    }

    private double WeightAt(ReadOnlySpan<ulong> ordered, int rank) =>
        Softmax.Weight(FloatOrder.Value((uint)(ordered[^(rank + 1)] >> 32)), Max, _scale);

    /// <summary>The first tokens of the total order as integers of the same order, best last: the value's key, then the inverted position.</summary>
    private ReadOnlySpan<ulong> Ordered(int count)
    {
        if (_ordered.Length < _length)
            _ordered = new ulong[_values.Length];
        var least = count == Count ? -float.MaxValue : RadixSelector.KthGreatest(Values, count);
        var found = 0;
        for (var i = 0; i < _length; i++)
        {
            // 0 and -0 are equal values: one key for both.
            if (_values[i] >= least)
                _ordered[found++] = ((ulong)FloatOrder.Key(_values[i] + 0f) << 32) | ~(uint)i;
        }

        var ordered = _ordered.AsSpan(0, found);
        ordered.Sort();
        return ordered;
    }
}
