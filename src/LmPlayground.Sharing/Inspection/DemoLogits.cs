using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Sharing.Inspection;

/// <summary>
/// The logits of one step as a demo keeps them: the greatest ones one by one, rounded to 1/2048, and the others as a histogram.
/// </summary>
/// <remarks>
/// Two vectors of logits can be made of it that have the same counts and the same masses: in each bin either all tokens lie at one place, or at the
/// bin's two borders. At any temperature the mass of the true logits lies between those of the two. Immutable.
/// </remarks>
public sealed class DemoLogits
{
    /// <summary>What logits are rounded to.</summary>
    public const double Unit = 1.0 / 2048;

    /// <summary>How far a logit may be below the greatest one; more is this, whose probability is 0.</summary>
    public const int MostGap = 1 << 30;

    /// <summary>Into how many parts a bin is divided to say where its mean lies.</summary>
    public const int MeanParts = 255;

    /// <summary>Where the bins begin, in units below the last token that is listed in order. The last bin ends with the least logit.</summary>
    public static readonly ImmutableArray<int> Borders = [.. new[] { 0, 0.25, 0.75, 1.5, 2.5, 3.5, 4.5, 6, 8, 11 }.Select(nats => (int)(nats / Unit))];

    /// <summary>The tokens that are listed: by logit, and at the end perhaps one of a lower rank.</summary>
    public required ImmutableArray<int> Ids { get; init; }

    /// <summary>How far their logits are below the greatest one, in units.</summary>
    public required ImmutableArray<int> Gaps { get; init; }

    /// <summary>How many of <see cref="Ids"/>, from the first, no other token comes between.</summary>
    public required int Ordered { get; init; }

    /// <summary>The greatest logit.</summary>
    public required float Top { get; init; }

    /// <summary>The other tokens, bin by bin; empty bins at the end are left out.</summary>
    public required ImmutableArray<DemoTailBin> Tail { get; init; }

    /// <summary>How far the least logit is below the greatest one, in units.</summary>
    public required int Depth { get; init; }

    /// <summary>How many tokens the model itself rules out.</summary>
    public required int RuledOut { get; init; }

    /// <summary>How many tokens there are.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Where the histogram begins, in units below the greatest logit.</summary>
    internal int TailStart => Ordered > 0 ? Gaps[Ordered - 1] : 0;

    /// <summary>Keeps of a step's logits what a demo keeps.</summary>
    /// <param name="logits">The model's logits, indexed by token id.</param>
    /// <param name="listed">How many tokens are listed, from the greatest logit on.</param>
    /// <param name="also">A token that is listed whatever its rank, or -1.</param>
    /// <exception cref="InvalidLogitsException">They hold NaN, +infinity, or nothing finite.</exception>
    public static DemoLogits Quantise(ReadOnlySpan<float> logits, int listed = 20, int also = -1)
    {
        new CandidateSet().Load(logits);
        Span<int> first = new int[Math.Max(1, Math.Min(listed, logits.Length))];
        first = first[..TokenRanking.Top(logits, first)];
        var top = logits[first[0]];
        var ordered = Math.Min(listed, first.Length);
        ImmutableArray<int> ids = [.. first[..ordered]];
        if (also >= 0 && !ids.Contains(also))
        {
            ids = ids.Add(also);
            ordered += TokenRanking.RankOf(logits, also) == ids.Length ? 1 : 0;
        }

        var gaps = GapsOf(logits, ids, top);
        var start = ordered > 0 ? gaps[ordered - 1] : 0;

        var bins = new (int Count, double Mass)[Borders.Length];
        var (depth, ruledOut) = (gaps.IsEmpty ? 0 : gaps.Max(), 0);
        var isListed = ids.ToHashSet();
        for (var id = 0; id < logits.Length; id++)
        {
            if (isListed.Contains(id))
                continue;
            if (float.IsNegativeInfinity(logits[id]))
            {
                ruledOut++;
                continue;
            }

            var gap = GapOf(logits[id], top);
            depth = Math.Max(depth, gap);
            var below = Math.Max(0, ((double)top - logits[id]) / Unit - start);
            var bin = BinOf(below);
            bins[bin].Count++;
            bins[bin].Mass += Math.Exp((Borders[bin] - below) * Unit);
        }

        var used = Array.FindLastIndex(bins, bin => bin.Count > 0) + 1;
        return new DemoLogits
        {
            Ids = ids,
            Gaps = gaps,
            Ordered = ordered,
            Top = top,
            Tail = [.. bins.Take(used).Select((bin, index) => new DemoTailBin(bin.Count, MeanOf(bin.Count, bin.Mass, WidthOf(index, start, depth))))],
            Depth = depth,
            RuledOut = ruledOut,
            VocabularySize = logits.Length,
        };
    }

    /// <summary>Makes a vector of logits that this could have been made of.</summary>
    /// <param name="logits">Where it is written: as many as the vocabulary has tokens. Which of the tokens that are not listed gets which logit means nothing.</param>
    /// <param name="shape">How the tokens of a bin lie in it.</param>
    public void Restore(Span<float> logits, DemoTailShape shape)
    {
        logits = logits[..VocabularySize];
        logits.Fill(float.NaN);
        for (var i = 0; i < Ids.Length; i++)
        {
            var logit = LogitAt(Gaps[i]);

            // Rounding makes ties that may have been none: one shape has them, the other has not. What is listed in order stays in order.
            if (i > 0 && i < Ordered && logits[Ids[i - 1]] is var before
                && (logit > before || (logit == before && (shape == DemoTailShape.Borders || Ids[i] < Ids[i - 1]))))
                logit = MathF.BitDecrement(before);
            logits[Ids[i]] = logit;
        }

        var most = Ordered > 0 ? MathF.BitDecrement(logits[Ids[Ordered - 1]]) : Top;
        var next = 0;
        for (var bin = 0; bin < Tail.Length; bin++)
        {
            foreach (var (count, gap) in Places(bin, shape))
                Put(logits, ref next, count, Math.Min(most, LogitAt(gap)));
        }

        Put(logits, ref next, RuledOut, float.NegativeInfinity);
    }

    /// <summary>The mass of the histogram relative to the greatest logit's, when logits are multiplied by a factor.</summary>
    internal double TailMass(double scale, DemoTailShape shape) => Enumerable.Range(0, Tail.Length)
        .Sum(bin => Places(bin, shape).Sum(place => place.Count * Math.Exp(-place.Gap * Unit * scale)));

    /// <summary>The mass of the listed tokens, in the same measure.</summary>
    internal double ListedMass(double scale) => Gaps.Sum(gap => Math.Exp(-gap * Unit * scale));

    /// <summary>The greatest mass that a bin has, in the same measure.</summary>
    internal double LargestBin(double scale) => Enumerable.Range(0, Tail.Length)
        .Max(bin => (double?)Enum.GetValues<DemoTailShape>().Max(shape => Places(bin, shape).Sum(place => place.Count * Math.Exp(-place.Gap * Unit * scale)))) ?? 0;

    /// <summary>How many tokens, from the greatest logit on, end with a bin: as many as <paramref name="count"/>, or the next fewer or more.</summary>
    internal int BinEnd(int count, bool up)
    {
        var end = Ordered;
        foreach (var bin in Tail)
        {
            if (end >= count || (!up && end + bin.Count > count))
                break;
            end += bin.Count;
        }

        return up ? Math.Max(end, count) : end;
    }

    /// <summary>How a bin's tokens lie: how many, at which gap from the greatest logit.</summary>
    private IEnumerable<(int Count, double Gap)> Places(int bin, DemoTailShape shape)
    {
        var (count, mean) = (Tail[bin].Count, Tail[bin].Mean);
        double near = TailStart + Borders[bin], width = WidthOf(bin, TailStart, Depth);
        var middle = width * mean / MeanParts;
        if (count == 0)
            yield break;
        if (shape == DemoTailShape.Means || mean == 0 || mean == MeanParts)
        {
            yield return (count, near + middle);
            yield break;
        }

        var far = Math.Exp(-width * Unit);
        var mass = count * Math.Exp(-middle * Unit);
        var atNear = (int)Math.Clamp(Math.Floor((mass - (count * far)) / (1 - far)), 0, count - 1);
        var rest = mass - atNear - ((count - atNear - 1) * far);
        yield return (atNear, near);
        yield return (1, near + Math.Clamp(-Math.Log(rest) / Unit, 0, width));
        yield return (count - atNear - 1, near + width);
    }

    private float LogitAt(double gap) => (float)Math.Max(-float.MaxValue, Top - (gap * Unit));

    private static void Put(Span<float> logits, ref int next, int count, float logit)
    {
        for (; count > 0 && next < logits.Length; next++)
        {
            if (!float.IsNaN(logits[next]))
                continue;
            logits[next] = logit;
            count--;
        }
    }

    private static ImmutableArray<int> GapsOf(ReadOnlySpan<float> logits, ImmutableArray<int> ids, float top)
    {
        var gaps = ImmutableArray.CreateBuilder<int>(ids.Length);
        foreach (var id in ids)
            gaps.Add(GapOf(logits[id], top));
        return gaps.MoveToImmutable();
    }

    internal static int GapOf(double logit, double top) => (int)Math.Min(MostGap, Math.Round((top - logit) / Unit));

    private static int BinOf(double below)
    {
        var bin = Borders.Length - 1;
        while (bin > 0 && below < Borders[bin])
            bin--;
        return bin;
    }

    private static double WidthOf(int bin, int start, int depth) =>
        bin + 1 < Borders.Length ? Borders[bin + 1] - Borders[bin] : Math.Max(1, depth - (double)start - Borders[bin]);

    private static int MeanOf(int count, double mass, double width) => count == 0 || mass == 0
        ? 0
        : (int)Math.Clamp(Math.Round(-Math.Log(mass / count) / Unit / width * MeanParts), 0, MeanParts);
}

/// <summary>A bin of a step's histogram.</summary>
/// <param name="Count">How many tokens it holds.</param>
/// <param name="Mean">Where the mean of their probabilities lies between its borders, in 255ths.</param>
public readonly record struct DemoTailBin(int Count, int Mean);

/// <summary>How the tokens of a bin are taken to lie in it.</summary>
public enum DemoTailShape
{
    /// <summary>All at the place that gives their mass.</summary>
    Means,

    /// <summary>At the two borders, as many at each as give their mass.</summary>
    Borders,
}
