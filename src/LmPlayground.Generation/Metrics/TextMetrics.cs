using System.Collections.Immutable;

namespace LmPlayground.Generation.Metrics;

/// <summary>What strategies are compared by: diversity, surprise and repetition of token sequences.</summary>
public static class TextMetrics
{
    /// <summary>Distinct n-grams as a share of all, over all sequences together (Li et al. 2016): 1 where none repeats; null where there are none.</summary>
    /// <param name="sequences">Token ids.</param>
    /// <param name="n">1 or more.</param>
    public static double? DistinctN(IEnumerable<ImmutableArray<int>> sequences, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        var seen = new HashSet<NGram>();
        var all = 0;
        foreach (var gram in sequences.SelectMany(sequence => NGram.Of(sequence, n)))
        {
            seen.Add(gram);
            all++;
        }

        return all == 0 ? null : (double)seen.Count / all;
    }

    /// <summary>The share of n-grams which the sequence had before: 0 to 1; null for a sequence shorter than one.</summary>
    public static double? Repetition(ImmutableArray<int> sequence, int n = 4)
    {
        var all = Math.Max(0, sequence.Length - n + 1);
        return all == 0 ? null : 1 - (double)NGram.Of(sequence, n).Distinct().Count() / all;
    }

    /// <summary>
    /// Self-BLEU (Zhu et al. 2018): the mean BLEU-4 of each sequence with all others as its references; 1 where they are the same, lower where
    /// they are diverse. null for fewer than two sequences.
    /// </summary>
    public static double? SelfBleu(IReadOnlyList<ImmutableArray<int>> sequences) => sequences.Count < 2
        ? null
        : Enumerable.Range(0, sequences.Count).Average(i => Bleu(sequences[i], [.. sequences.Where((_, j) => j != i)]));

    /// <summary>
    /// BLEU (Papineni et al. 2002) with n-grams up to 4 or as long as the sequence: geometric mean of the clipped precisions times the
    /// brevity penalty. A precision of 0 makes it 0: nothing is smoothed.
    /// </summary>
    public static double Bleu(ImmutableArray<int> sequence, IReadOnlyList<ImmutableArray<int>> references)
    {
        const int longest = 4;
        var orders = Math.Min(longest, sequence.Length);
        if (orders == 0)
            return 0;
        var logarithms = 0.0;
        for (var n = 1; n <= orders; n++)
        {
            var counts = NGram.Count(sequence, n);
            var limits = references.Select(reference => NGram.Count(reference, n)).ToList();
            var matched = counts.Sum(pair => Math.Min(pair.Value, limits.Max(limit => limit.GetValueOrDefault(pair.Key))));
            if (matched == 0)
                return 0;
            logarithms += Math.Log((double)matched / (sequence.Length - n + 1)) / orders;
        }

        // The reference of the nearest length; the shorter of two as near.
        var length = references.Select(reference => reference.Length)
            .OrderBy(candidate => Math.Abs(candidate - sequence.Length)).ThenBy(candidate => candidate).First();
        var brevity = sequence.Length >= length ? 0 : 1 - (double)length / sequence.Length;
        return Math.Exp(logarithms + brevity);
    }
}
