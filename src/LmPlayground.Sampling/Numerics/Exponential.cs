using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Numerics;

/// <summary>
/// e^x for x &lt;= 0 and ln x for x &gt; 0 from additions, multiplications and divisions alone, never fused: the same bits on every machine,
/// whatever its C library and its vector width. (<see cref="Math.Exp"/> is the C library's and may differ in the last place.)
/// </summary>
/// <remarks>
/// exp: x = k ln 2 + r with |r| &lt;= ln 2 / 2 (Cody and Waite's two-part ln 2), then 2^k (1 + r + r^2 Q(r)). Q has degree 9 and was fitted
/// at Chebyshev nodes; the relative error of the approximation is 1.6e-17, below half a unit in the last place.
/// </remarks>
internal static class Exponential
{
    /// <summary>Below it e^x is given as 0, so that no subnormal number is ever made.</summary>
    internal const double Underflow = -708;

    private const double Log2E = 1.4426950408889634;
    private const double Ln2High = 0.6931471803691238;
    private const double Ln2Low = 1.9082149292705877e-10;

    // Adding and subtracting 1.5 * 2^52 rounds to the nearest integer, and leaves that integer in the low bits of the sum.
    private const double Rounder = 6755399441055744.0;

    private const double Q0 = 0.5000000000000001;
    private const double Q1 = 0.16666666666666669;
    private const double Q2 = 0.041666666666624164;
    private const double Q3 = 0.008333333333330065;
    private const double Q4 = 0.0013888888917196736;
    private const double Q5 = 0.00019841269863040559;
    private const double Q6 = 2.480152132234228e-05;
    private const double Q7 = 2.7557268480289716e-06;
    private const double Q8 = 2.7620075892548164e-07;
    private const double Q9 = 2.51003758422237e-08;

    /// <summary>e^x for eight x &lt;= 0; -infinity gives 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Exp(Vector512<double> x)
    {
        var alive = Vector512.GreaterThanOrEqual(x, Vector512.Create(Underflow));
        var clamped = Vector512.Max(x, Vector512.Create(Underflow));
        var shifted = clamped * Log2E + Vector512.Create(Rounder);
        var k = shifted - Vector512.Create(Rounder);
        var r = clamped - k * Ln2High - k * Ln2Low;
        var r2 = r * r;
        var r4 = r2 * r2;

        // Estrin's scheme: short chains, the same order of operations in every lane.
        var q01 = Vector512.Create(Q0) + r * Q1;
        var q23 = Vector512.Create(Q2) + r * Q3;
        var q45 = Vector512.Create(Q4) + r * Q5;
        var q67 = Vector512.Create(Q6) + r * Q7;
        var q89 = Vector512.Create(Q8) + r * Q9;
        var q = q01 + r2 * q23 + r4 * (q45 + r2 * q67) + r4 * r4 * q89;
        var mantissa = Vector512.Create(1.0) + (r + r2 * q);
        var power = Vector512.ShiftLeft(shifted.AsInt64() + Vector512.Create(1023L), 52).AsDouble();
        return Vector512.BitwiseAnd(mantissa * power, alive);
    }

    /// <summary>e^x for one x &lt;= 0: the same bits as a lane of the vector.</summary>
    internal static double Exp(double x) => Exp(Vector512.Create(x)).ToScalar();

    /// <summary>Replaces every x &lt;= 0 by e^x: the same bits as one by one.</summary>
    internal static void Exp(Span<double> x)
    {
        var lanes = Vector512<double>.Count;
        for (; x.Length >= lanes; x = x[lanes..])
            Exp(Vector512.Create<double>(x)).CopyTo(x);
        if (x.IsEmpty)
            return;
        Span<double> padded = stackalloc double[lanes];
        padded.Clear();
        x.CopyTo(padded);
        Exp(Vector512.Create<double>(padded)).CopyTo(padded);
        padded[..x.Length].CopyTo(x);
    }

    /// <summary>ln x for a normal x &gt; 0, by ln x = e ln 2 + 2 artanh((m - 1) / (m + 1)) with m in [0.71, 1.42].</summary>
    internal static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        var s = (m - 1) / (m + 1);
        var s2 = s * s;

        // 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...); s^2 <= 0.0295, so the 12th term is below 1e-18.
        var series = 0.0;
        for (var n = 23; n >= 3; n -= 2)
            series = (series + 1.0 / n) * s2;
        return exponent * Ln2High + (exponent * Ln2Low + 2 * (s + s * series));
    }

    /// <summary>share^exponent for a share of 0 to 1 and an exponent above 0.</summary>
    internal static double Power(double share, double exponent) => share switch
    {
        >= 1 => 1,
        < 1e-300 => 0,
        _ => Exp(exponent * Log(share)),
    };

    /// <summary>2^-bits; exact for a whole number of bits; 1 for 0 bits or fewer.</summary>
    internal static double HalfToThe(double bits)
    {
        var whole = Math.Floor(bits);
        return bits switch
        {
            <= 0 => 1,
            > 1000 => 0,
            _ => Math.ScaleB(Exp((whole - bits) * Ln2), -(int)whole),
        };
    }

    internal const double Ln2 = 0.6931471805599453;
}
