using LmPlayground.Tokenizers.Text.Unicode;

namespace LmPlayground.Tokenizers.Text;

/// <summary>
/// .NET matches UTF-16 code units, to which a character beyond the basic plane is two. One unit stands for each of them while a pattern is
/// matched: the same for all that are in the same classes of the pattern. Those units are surrogates, which a text has no lone ones of.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class StandIns
{
    private const int FirstUnit = 0xD800;
    private const int LastUnit = 0xDFFF;

    private readonly int[] _starts;
    private readonly char[] _units;

    /// <summary>Stand-ins for a pattern with these classes.</summary>
    /// <exception cref="ArgumentException">They tell too many kinds of characters apart.</exception>
    public StandIns(IReadOnlyCollection<CodePointSet> sets)
    {
        CodePointSet[] distinct = [.. sets.Distinct()];
        _starts = [.. distinct.SelectMany(set => set.Borders).Where(at => at is > 0x10000 and < CodePointSet.End).Append(0x10000).Distinct().Order()];
        Dictionary<string, char> kinds = new(StringComparer.Ordinal);
        _units = [.. _starts.Select(start => UnitOf(string.Concat(distinct.Select(set => set.Contains(start) ? '1' : '0'))))];

        char UnitOf(string kind)
        {
            if (kinds.TryGetValue(kind, out var known))
                return known;
            if (kinds.Count > LastUnit - FirstUnit)
                throw new ArgumentException("it tells too many kinds of characters apart");
            return kinds[kind] = (char)(FirstUnit + kinds.Count);
        }
    }

    /// <summary>What stands for a character beyond the basic plane.</summary>
    public char For(int codePoint)
    {
        var at = Array.BinarySearch(_starts, codePoint);
        return _units[at >= 0 ? at : ~at - 1];
    }

    /// <summary>What stands for characters of one of the pattern's sets, as .NET writes it inside brackets.</summary>
    public string In(CodePointSet set) => string.Concat(
        CodePointSet.Of(Enumerable.Range(0, _starts.Length).Where(i => set.Contains(_starts[i])).Select(i => ((int)_units[i], (int)_units[i]))).Ranges
            .Select(range => $@"\u{range.First:X4}-\u{range.Last:X4}"));
}
