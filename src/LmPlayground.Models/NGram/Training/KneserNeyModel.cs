namespace LmPlayground.Models.NGram.Training;

/// <summary>
/// Interpolated modified Kneser-Ney (Chen and Goodman 1998) over counted n-grams, some of which may be left out:
/// p(w | h) = (c(hw) - D(c(hw))) / S(h) + gamma(h) p(w | h'), with h' the context without its first token and S(h) the sum of c(hx).
/// At the highest order c counts occurrences; below it, the distinct tokens in front of the n-gram; what begins with the token
/// that begins documents has nothing in front of it and keeps its occurrences. Unigrams are interpolated with the uniform
/// distribution over the tokens that exist.
/// </summary>
/// <remarks>
/// An n-gram that is left out gives its share to gamma(h), so that the sum stays one, and counts in the order below
/// as often as it is counted here rather than once: its mass now comes from there (Siivola, Hirsimaki and Virpioja 2007).
/// With all n-grams of an order left out, that is the Kneser-Ney model of the order below.
/// </remarks>
internal sealed class KneserNeyModel
{
    private readonly NGramCounts _counts;
    private readonly bool[]?[] _kept;
    private readonly int[][] _adjusted;
    private readonly Discounts[] _discounts;

    /// <summary>Estimates a model.</summary>
    /// <param name="counts">The n-grams.</param>
    /// <param name="kept">By length and place, which of them the model has; null for all.</param>
    public KneserNeyModel(NGramCounts counts, bool[]?[]? kept = null)
    {
        _counts = counts;
        _kept = kept ?? new bool[]?[counts.Order];
        _adjusted = AdjustedCounts();
        _discounts = [.. _adjusted.Select(level => Discounts.Of(level))];
    }

    /// <summary>The n-grams.</summary>
    public NGramCounts Counts => _counts;

    /// <summary>Whether the model has an n-gram.</summary>
    public bool Has(int level, int gram) => _kept[level] is not { } kept || kept[gram];

    /// <summary>c(hw) - D: an n-gram's part of what its context gives to the tokens seen after it.</summary>
    public double Weight(int level, int gram)
    {
        var count = _adjusted[level][gram];
        return count - _discounts[level].For(count);
    }

    /// <summary>
    /// Of a context, a place at a level whose continuations are one level above: the sum of its kept n-grams' weights, and what is left
    /// to the shorter context. S(h) is the sum of both, gamma(h) the second's part of it.
    /// </summary>
    public (double Kept, double Left) Context(int level, int gram)
    {
        double kept = 0, left = 0;
        for (var child = _counts.Levels[level].FirstChild[gram]; child < _counts.Levels[level].FirstChild[gram + 1]; child++)
        {
            var count = _adjusted[level + 1][child];
            var discount = _discounts[level + 1].For(count);
            if (Has(level + 1, child))
                (kept, left) = (kept + count - discount, left + discount);
            else
                left += count;
        }

        return (kept, left);
    }

    /// <summary>The probability of every unigram; 0 for ids that are no token.</summary>
    /// <param name="isToken">Says which ids of the vocabulary are tokens.</param>
    public double[] Unigrams(Func<int, bool> isToken)
    {
        double sum = 0, discounted = 0;
        foreach (var count in _adjusted[0])
        {
            sum += count;
            discounted += _discounts[0].For(count);
        }

        int[] tokens = [.. Enumerable.Range(0, _adjusted[0].Length).Where(isToken)];
        var probabilities = new double[_adjusted[0].Length];
        foreach (var id in tokens)
            probabilities[id] = (Weight(0, id) + discounted / tokens.Length) / sum;
        return probabilities;
    }

    private int[][] AdjustedCounts()
    {
        var order = _counts.Order;
        var adjusted = new int[order][];
        adjusted[^1] = _counts.Levels[^1].Occurrences;
        for (var level = order - 2; level >= 0; level--)
        {
            NGramLevel below = _counts.Levels[level], above = _counts.Levels[level + 1];
            var counts = new int[below.Count];
            for (var gram = 0; gram < above.Count; gram++)
                counts[above.Suffixes[gram]] += Has(level + 1, gram) ? 1 : adjusted[level + 1][gram];
            foreach (var gram in below.AtBareStart)
                counts[gram]++;
            if (level > 0)
                KeepAfterBegin(level, counts);
            adjusted[level] = counts;
        }

        return adjusted;
    }

    private void KeepAfterBegin(int level, int[] counts)
    {
        if (_counts.BeginId is not { } begin)
            return;
        var (from, to) = (begin, begin + 1);
        for (var below = 0; below < level; below++)
            (from, to) = (_counts.Levels[below].FirstChild[from], _counts.Levels[below].FirstChild[to]);
        _counts.Levels[level].Occurrences.AsSpan(from, to - from).CopyTo(counts.AsSpan(from));
    }
}
