using System.Collections.Immutable;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Metrics;

namespace LmPlayground.Generation.Tests.Metrics;

public class MetricsTests
{
    [Fact]
    public void Distances_have_their_known_values()
    {
        double[] p = [0.5, 0.5, 0], q = [0.25, 0.75, 0], elsewhere = [0, 0, 1];
        var near = DistributionDistance.Between(p, q);
        Assert.Equal(0.5 * Math.Log2(2) + 0.5 * Math.Log2(2.0 / 3), near.KullbackLeibler, 1e-12);
        Assert.Equal(0.25, near.TotalVariation, 1e-12);
        Assert.Equal(new DistributionDistance(double.PositiveInfinity, double.PositiveInfinity, 1, 1), DistributionDistance.Between(p, elsewhere));
        Assert.Equal(default, DistributionDistance.Between(p, p));
    }

    [Fact]
    public void Distances_keep_their_bounds_and_symmetries()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            double[] p = Random(random), q = Random(random);
            var forth = DistributionDistance.Between(p, q);
            var back = DistributionDistance.Between(q, p);
            Assert.Equal(forth.JensenShannon, back.JensenShannon, 1e-12);
            Assert.Equal(forth.TotalVariation, back.TotalVariation, 1e-12);
            Assert.Equal((forth.KullbackLeibler, forth.ReverseKullbackLeibler), (back.ReverseKullbackLeibler, back.KullbackLeibler));
            Assert.InRange(forth.JensenShannon, 0, 1);

            // Pinsker's inequality, with the divergence in nats.
            Assert.True(forth.TotalVariation <= Math.Sqrt(forth.KullbackLeibler * Math.Log(2) / 2) + 1e-12);
            Assert.True(forth.JensenShannon <= forth.TotalVariation + 1e-12);
        }
    }

    [Theory]
    [InlineData(1, 3.841458820694124, 0.05)]
    [InlineData(10, 18.307038053275146, 0.05)]
    [InlineData(5, 20.515005652432873, 0.001)]
    [InlineData(100, 77.92946520073, 0.95)]
    [InlineData(2, 0, 1)]
    public void Tails_of_chi_square_agree_with_the_tables(int degrees, double statistic, double tail) =>
        Assert.Equal(tail, UpperGamma.Regularized(degrees / 2.0, statistic / 2), 1e-6);

    [Fact]
    public void Log_gamma_agrees_with_factorials()
    {
        var logarithm = 0.0;
        for (var n = 1; n < 50; n++)
        {
            Assert.Equal(logarithm, UpperGamma.LogGamma(n), 1e-10 * (1 + logarithm));
            logarithm += Math.Log(n);
        }

        Assert.Equal(Math.Log(Math.PI) / 2, UpperGamma.LogGamma(0.5), 1e-12);
    }

    [Fact]
    public void A_right_theory_passes_and_a_wrong_one_fails()
    {
        var random = new Random(2);
        double[] truth = [0.5, 0.3, 0.1, 0.05, 0.04, 0.009, 0.001], wrong = [0.4, 0.4, 0.1, 0.05, 0.04, 0.009, 0.001];
        var pValues = new List<double>();
        for (var round = 0; round < 300; round++)
        {
            var counts = Draw(random, truth, 2000);
            pValues.Add(ChiSquareTest.Of(counts, truth).PValue);
            Assert.InRange(ChiSquareTest.Of(counts, wrong).PValue, 0, 1e-6);
        }

        // Under the right theory p-values are uniform: their mean is 1/2 within five standard errors.
        Assert.Equal(0.5, pValues.Average(), 5 / Math.Sqrt(12 * 300));
    }

    [Fact]
    public void An_impossible_outcome_refutes_and_too_little_proves_nothing()
    {
        Assert.Equal(0, ChiSquareTest.Of([5, 1], [1, 0]).PValue);
        Assert.Equal(1, ChiSquareTest.Of([5, 0], [1, 0]).PValue);
        Assert.Equal(1, ChiSquareTest.Of([0, 0], [0.5, 0.5]).PValue);
    }

    [Fact]
    public void Distinct_n_and_repetition_count_n_grams()
    {
        Assert.Equal(3 / 6.0, TextMetrics.DistinctN([[1, 2, 3], [1, 2, 1]], 1));
        Assert.Equal(3 / 4.0, TextMetrics.DistinctN([[1, 2, 3], [1, 2, 1]], 2));
        Assert.Null(TextMetrics.DistinctN([[1]], 2));
        Assert.Equal(0, TextMetrics.Repetition([1, 2, 3, 4, 5, 6]));
        Assert.Equal(1 - 1 / 7.0, TextMetrics.Repetition([.. Enumerable.Repeat(1, 10)])!.Value, 1e-12);
        Assert.Null(TextMetrics.Repetition([1, 1, 1]));
    }

    [Fact]
    public void Bleu_and_self_bleu_have_their_known_values()
    {
        ImmutableArray<int> a = [1, 2, 3, 4, 5, 6], b = [7, 8, 9, 10, 11, 12];
        Assert.Equal(1, TextMetrics.SelfBleu([a, a, a])!.Value, 1e-12);
        Assert.Equal(0, TextMetrics.SelfBleu([a, b]));
        Assert.Null(TextMetrics.SelfBleu([a]));
        Assert.Equal(0, TextMetrics.Bleu([], [a]));

        // Precisions 5/6, 3/5, 2/4, 1/3.
        Assert.Equal(Math.Pow(5 / 6.0 * (3 / 5.0) * (2 / 4.0) * (1 / 3.0), 0.25), TextMetrics.Bleu([1, 2, 3, 4, 9, 6], [a]), 1e-12);

        // A match of half the length: brevity e^(1 - 6/3).
        Assert.Equal(Math.Exp(-1), TextMetrics.Bleu([1, 2, 3], [a]), 1e-12);
    }

    private static double[] Random(Random random)
    {
        var weights = Enumerable.Range(0, 6).Select(_ => random.NextDouble() + 1e-3).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private static int[] Draw(Random random, double[] probabilities, int draws)
    {
        var counts = new int[probabilities.Length];
        for (var i = 0; i < draws; i++)
        {
            var u = random.NextDouble();
            var outcome = 0;
            while (outcome < probabilities.Length - 1 && u >= probabilities[outcome])
                u -= probabilities[outcome++];
            counts[outcome]++;
        }

        return counts;
    }
}
