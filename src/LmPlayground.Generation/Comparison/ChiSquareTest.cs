namespace LmPlayground.Generation.Comparison;

/// <summary>Pearson's test of whether counts come from a distribution: the theory of a step laid beside n draws from it.</summary>
/// <param name="Statistic">The sum of (observed - expected)^2 / expected over the cells.</param>
/// <param name="DegreesOfFreedom">Cells less one.</param>
/// <param name="PValue">The probability of a statistic at least this large if the counts do come from it: 0 to 1.</param>
public readonly record struct ChiSquareTest(double Statistic, int DegreesOfFreedom, double PValue)
{
    /// <summary>Cells whose expected count is less are pooled into one: the test's approximation needs it.</summary>
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

        double statistic = 0, restExpected = 0;
        long restCount = 0;
        var cells = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var expected = probabilities[i] * draws;
            if (expected == 0 && counts[i] > 0)
                return new ChiSquareTest(double.PositiveInfinity, Math.Max(1, cells), 0);
            if (expected >= LeastExpectation)
            {
                statistic += Square(counts[i] - expected) / expected;
                cells++;
            }
            else
            {
                restExpected += expected;
                restCount += counts[i];
            }
        }

        if (restExpected >= LeastExpectation || (restExpected > 0 && cells > 0 && restCount > 0))
        {
            statistic += Square(restCount - restExpected) / restExpected;
            cells++;
        }

        return cells < 2
            ? new ChiSquareTest(0, 0, 1)
            : new ChiSquareTest(statistic, cells - 1, UpperGamma.Regularized((cells - 1) / 2.0, statistic / 2));
    }

    private static double Square(double x) => x * x;
}
