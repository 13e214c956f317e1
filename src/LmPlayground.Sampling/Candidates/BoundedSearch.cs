using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>
/// Finds the value on which a share of the whole mass falls from float32 weights, where their error bound proves which one it is;
/// says so where it does not. What is found is what <see cref="SampledSearch"/> finds, in a third of the time.
/// </summary>
/// <remarks>
/// <para>The proof. Let u = 2^-24, w a weight, W what float32 makes of it, x &lt;= 0 its exponent in nats. The exponent is a difference and
/// a product, each rounded once, so its error is at most 2.01 u |x|; the polynomial is right to 1.74 u (its last step rounds by u, the
/// two before by 0.49 u and 0.06 u, all others and the approximation by less than 0.19 u). So |W - w| &lt;= (<see cref="WeightError"/> +
/// <see cref="PowerError"/> |x|) w. Two roundings join four weights into what is then summed in double: <see cref="SumError"/>.</para>
/// <para>With A the mass of some first tokens of the order, B that of all others and p the share, a token is reached or not by the sign of
/// A - p (A + B) = (1 - p) A - p B. Both passes give a value the same W, so the weights' errors move that by at most (1 - p) err(A) +
/// p err(B), and the roundings of the two sums by SumError (A + p Z). Tokens between the two bounds of the bracket count once more, as the
/// sum Z may hold them in double. A token is taken only if the mass before it stays short of p Z by more than all that, and with it
/// exceeds p Z by more; the slack for sums in double, here and in the exact search, is far above their error. The exact search then finds the same.</para>
/// <para>Keeps its buffers: not thread-safe.</para>
/// </remarks>
internal sealed class BoundedSearch
{
    private const double Unit = 1.0 / (1 << 24);
    private const double WeightError = 2 * Unit;
    private const double PowerError = 2.1 * Unit;
    private const double SumError = 2.1 * Unit;

    // For each value of a sum in double, as a share of Z.
    private const double Slack = 8.0 / (1L << 53);

    private readonly BandNarrowing _band = new();

    /// <summary>The position of what was found.</summary>
    internal int Position { get; private set; }

    /// <summary>The sums over what was found and all before it, as right as <see cref="FastSoftmax"/>'s.</summary>
    internal (double Z, double WeightedSum) Head { get; private set; }

    /// <summary>The first value whose cumulative mass reaches share * Z, as <see cref="MassSearch.Find{T}"/>; false where float32 cannot tell.</summary>
    /// <param name="values">The values.</param>
    /// <param name="blocks">Their block maxima.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="scale">What differences of values are multiplied with.</param>
    /// <param name="share">Above 0, below 1.</param>
    /// <param name="all">What <see cref="FastSoftmax.Sums"/> gives for these values.</param>
    /// <param name="bracket">Where to look.</param>
    internal bool TryFind(
        ReadOnlySpan<float> values, BlockMaxima blocks, float max, double scale, double share,
        (double Z, double WeightedSum) all, in MassBracket bracket)
    {
        var power = new FloatPower(max, scale);
        _band.Clear(values.Length);
        if (!power.IsUsable || !TryCollect(values, blocks, max, scale, power, bracket, out var above))
            return false;
        _band.Weigh(power);
        var target = share * all.Z;
        if (above.Z >= target || !_band.TryFind(target - above.Z, out var point))
            return false;

        var head = _band.Sums(point.Place, max, scale);
        var through = above.Z + head.Z;
        var (weighted, rest) = (-above.WeightedSum - head.WeightedSum, -all.WeightedSum);
        var error = WeightError * ((1 - share) * through + share * Math.Max(0, all.Z - through) + head.Z)
            + PowerError * ((1 - share) * weighted + share * Math.Max(0, rest - weighted) - head.WeightedSum)
            + SumError * (through + target)
            + Slack * values.Length * all.Z;

        // The walk along the band and the sum of its head add in different orders: the slack is for that too.
        if (!(above.Z + point.Before + error < target && above.Z + point.Before + point.Weight - error > target))
            return false;
        Position = point.Position;
        Head = (through, above.WeightedSum + head.WeightedSum);
        return true;
    }

    /// <summary>Sums the weights of values above the bracket, block by block as <see cref="FastSoftmax"/> does, and collects those in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private bool TryCollect(
        ReadOnlySpan<float> values, BlockMaxima blocks, float max, double scale, FloatPower power, in MassBracket bracket,
        out (double Z, double WeightedSum) above)
    {
        var (great, low) = (blocks.Great, bracket.Low);
        var (highs, lows) = (Vector512.Create(bracket.High), Vector512.Create(low));
        Vector512<double> z0 = default, z1 = default, s0 = default, s1 = default, e0 = default, e1 = default;
        var maxima = blocks.Values;
        ref var first = ref MemoryMarshal.GetReference(values);
        var whole = values.Length / BlockMaxima.Size;
        for (var block = 0; block < whole; block++)
        {
            if (!(maxima[block] >= low))
                continue;
            var start = block * BlockMaxima.Size;
            var v0 = Vector512.LoadUnsafe(ref first, (nuint)start);
            var v1 = Vector512.LoadUnsafe(ref first, (nuint)start + 16);
            var v2 = Vector512.LoadUnsafe(ref first, (nuint)start + 32);
            var v3 = Vector512.LoadUnsafe(ref first, (nuint)start + 48);
            var inside = Inside(v0, lows, highs) | (Inside(v1, lows, highs) << 16)
                | (Inside(v2, lows, highs) << 32) | (Inside(v3, lows, highs) << 48);
            if (inside != 0 && !_band.TryAdd(ref first, start, inside))
            {
                above = default;
                return false;
            }

            if (!(maxima[block] > bracket.High))
                continue;
            if (maxima[block] >= great)
            {
                var gone = Vector512.Create(float.NegativeInfinity);
                for (var i = start; i < start + BlockMaxima.Size; i += 16)
                {
                    var v = Vector512.LoadUnsafe(ref first, (nuint)i);
                    v = Vector512.ConditionalSelect(Vector512.GreaterThan(v, highs), v, gone);
                    Softmax.Add(v, max, scale, ref z0, ref z1, ref e0, ref e1);
                }

                continue;
            }

            var (y0, y1, y2, y3) = (power.Of(v0), power.Of(v1), power.Of(v2), power.Of(v3));
            var w0 = Vector512.ConditionalSelect(Vector512.GreaterThan(v0, highs), FastSoftmax.Exp2(y0), Vector512<float>.Zero);
            var w1 = Vector512.ConditionalSelect(Vector512.GreaterThan(v1, highs), FastSoftmax.Exp2(y1), Vector512<float>.Zero);
            var w2 = Vector512.ConditionalSelect(Vector512.GreaterThan(v2, highs), FastSoftmax.Exp2(y2), Vector512<float>.Zero);
            var w3 = Vector512.ConditionalSelect(Vector512.GreaterThan(v3, highs), FastSoftmax.Exp2(y3), Vector512<float>.Zero);
            var (lower, upper) = Vector512.Widen((w0 + w1) + (w2 + w3));
            z0 += lower;
            z1 += upper;
            (lower, upper) = Vector512.Widen(
                Vector512.FusedMultiplyAdd(w0, y0, w1 * y1) + Vector512.FusedMultiplyAdd(w2, y2, w3 * y3));
            s0 += lower;
            s1 += upper;
        }

        var (z, s) = (Lanes.Sum(z0, z1), Lanes.Sum(s0, s1) * Exponential.Ln2 + Lanes.Sum(e0, e1));
        for (var i = whole * BlockMaxima.Size; i < values.Length; i++)
        {
            if (values[i] > bracket.High)
            {
                var weight = Softmax.Weight(values[i], max, scale);
                z += weight;
                s += weight * Math.Max(((double)values[i] - max) * scale, Exponential.Underflow);
            }
            else if (values[i] >= low && !_band.TryAdd(ref first, i, 1))
            {
                above = default;
                return false;
            }
        }

        above = (z, s);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Inside(Vector512<float> values, Vector512<float> lows, Vector512<float> highs) =>
        Vector512.BitwiseAnd(Vector512.GreaterThanOrEqual(values, lows), Vector512.LessThanOrEqual(values, highs))
            .ExtractMostSignificantBits();
}
