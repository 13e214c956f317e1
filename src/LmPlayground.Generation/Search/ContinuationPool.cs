namespace LmPlayground.Generation.Search;

/// <summary>The best continuations of all beams of a group: sum descending, then beam and token id ascending.</summary>
internal sealed class ContinuationPool(int capacity)
{
    private readonly List<Continuation> _best = [];

    /// <summary>Best first, at most as many as there is room for.</summary>
    internal IReadOnlyList<Continuation> Best => _best;

    internal void Clear() => _best.Clear();

    /// <summary>Takes every token that may follow a beam. Beams are added in their order.</summary>
    /// <param name="beam">The beam's number.</param>
    /// <param name="sum">Its sum so far.</param>
    /// <param name="scores">The scores of the tokens after it.</param>
    /// <param name="logits">The logits they were made from.</param>
    internal void Add(int beam, double sum, BeamScorer scores, ReadOnlySpan<float> logits)
    {
        for (var id = 0; id < logits.Length; id++)
        {
            var total = sum + scores[id];
            if (double.IsNegativeInfinity(total) || (_best.Count == capacity && total <= _best[^1].Sum))
                continue;
            if (_best.Count == capacity)
                _best.RemoveAt(capacity - 1);
            _best.Insert(PlaceOf(total), new Continuation(beam, id, total, logits[id] - scores.LogShift));
        }
    }

    /// <summary>After all that are as good: the earlier beam and the lower id come first.</summary>
    private int PlaceOf(double sum)
    {
        int low = 0, high = _best.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_best[middle].Sum >= sum)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}

/// <summary>A beam and a token that may follow it.</summary>
/// <param name="Beam">The beam's number within its group.</param>
/// <param name="Id">The token.</param>
/// <param name="Sum">The sum of scores with it.</param>
/// <param name="LogProbability">ln of the token's probability under the model.</param>
internal readonly record struct Continuation(int Beam, int Id, double Sum, double LogProbability);
