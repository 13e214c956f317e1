namespace LmPlayground.Generation.Inspection;

/// <summary>Pearson's test of whether counts come from a distribution: the theory of a step laid beside n draws from it.</summary>
/// <param name="Statistic">The sum of (observed - expected)^2 / expected over the cells.</param>
/// <param name="DegreesOfFreedom">Cells less one.</param>
/// <param name="PValue">The probability of a statistic at least this large if the counts do come from it: 0 to 1.</param>
public readonly record struct ChiSquareTest(double Statistic, int DegreesOfFreedom, double PValue)
{
    /// <summary>
    /// Cells whose expected count is less are pooled into one, and that one into the least of the others if it is still less: the test's
    /// approximation needs it, and what is pooled must not depend on the counts.
    /// </summary>
    public const double LeastExpectation = 5;

    /// <summary>Tests <paramref name="counts"/> against <paramref name="probabilities"/>.</summary>
    /// <param name="counts">How often each outcome was drawn.</param>
    /// <param name="probabilities">Each outcome's probability; they sum to 1.</param>
    /// <returns>The test; with fewer than two cells there is nothing to test, and the p-value is 1, or 0 where an impossible outcome was drawn.</returns>
    public static ChiSquareTest Of(ReadOnlySpan<int> counts, ReadOnlySpan<double> probabilities)
    {
        if (counts.Length != probabilities.Length)
            throw new ArgumentException($"There are {counts.Length} counts and {probabilities.Length} probabilities.", nameof(counts));
        long draws = 0;
        foreach (var count in counts)
            draws += count;

        var cells = new Cells();
        for (var i = 0; i < counts.Length; i++)
        {
            var expected = probabilities[i] * draws;
            if (expected == 0 && counts[i] > 0)
                return new ChiSquareTest(double.PositiveInfinity, Math.Max(1, cells.Count), 0);
            cells.Add(expected, counts[i]);
        }

        cells.Pool();
        return cells.Count < 2
            ? new ChiSquareTest(0, 0, 1)
            : new ChiSquareTest(cells.Statistic, cells.Count - 1, UpperGamma.Regularized((cells.Count - 1) / 2.0, cells.Statistic / 2));
    }

    /// <summary>The cells so far: those that are expected often enough, and all others together.</summary>
    private struct Cells
    {
        private double _restExpected;
        private long _restCount;
        private double _leastExpected;
        private long _leastCount;

        internal int Count { get; private set; }

        internal double Statistic { get; private set; }

        internal void Add(double expected, long count)
        {
            if (expected < LeastExpectation)
            {
                _restExpected += expected;
                _restCount += count;
                return;
            }

            Statistic += Term(expected, count);
            if (Count++ == 0 || expected < _leastExpected)
                (_leastExpected, _leastCount) = (expected, count);
        }

        /// <summary>Makes the rest a cell of its own, or a part of the least one where even all of it together is expected too rarely.</summary>
        internal void Pool()
        {
            if (_restExpected >= LeastExpectation)
            {
                Statistic += Term(_restExpected, _restCount);
                Count++;
            }
            else if (Count > 0)
            {
                Statistic += Term(_leastExpected + _restExpected, _leastCount + _restCount) - Term(_leastExpected, _leastCount);
            }
        }

        private static double Term(double expected, long count) => (count - expected) * (count - expected) / expected;
    }
}
