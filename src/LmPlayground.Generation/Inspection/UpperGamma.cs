namespace LmPlayground.Generation.Inspection;

/// <summary>The regularised upper incomplete gamma function, which gives the tail of a chi-square distribution.</summary>
internal static class UpperGamma
{
    private const int MaxTerms = 100_000;
    private const double Precision = 1e-15;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
        -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>Q(a, x) = Gamma(a, x) / Gamma(a), for a &gt; 0 and x &gt;= 0: by its series below a + 1, by its continued fraction above (DLMF 8.7.1, 8.9.2).</summary>
    internal static double Regularized(double a, double x)
    {
        if (x <= 0)
            return 1;
        if (double.IsPositiveInfinity(x))
            return 0;
        var scale = Math.Exp(a * Math.Log(x) - x - LogGamma(a));
        return Math.Clamp(x < a + 1 ? 1 - scale * Series(a, x) : scale * Fraction(a, x), 0, 1);
    }

    /// <summary>ln Gamma(x) for x &gt; 0, by Lanczos' approximation (g = 7, 9 terms).</summary>
    internal static double LogGamma(double x)
    {
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        x--;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
            sum += Lanczos[i] / (x + i);
        var t = x + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    private static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (var n = 1; n < MaxTerms && Math.Abs(term) > Math.Abs(sum) * Precision; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum;
    }

    // Lentz's method.
    private static double Fraction(double a, double x)
    {
        const double tiny = 1e-300;
        var b = x + 1 - a;
        var c = 1 / tiny;
        var d = 1 / b;
        var value = d;
        for (var i = 1; i < MaxTerms; i++)
        {
            var factor = -i * (i - a);
            b += 2;
            d = 1 / NotZero(factor * d + b);
            c = NotZero(b + factor / c);
            value *= d * c;
            if (Math.Abs(d * c - 1) < Precision)
                break;
        }

        return value;

        static double NotZero(double number) => Math.Abs(number) < tiny ? tiny : number;
    }
}
