using System.Diagnostics.CodeAnalysis;

namespace LmPlayground.Tokenizers.Text.Unicode;

/// <summary>A set of characters by their code points.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class CodePointSet
{
    /// <summary>One more than the greatest code point.</summary>
    public const int End = 0x110000;

    /// <summary>No character.</summary>
    public static readonly CodePointSet Empty = new([]);

    // Ascending: what lies from one of an even place up to the next one belongs to the set.
    private readonly int[] _borders;

    private CodePointSet(int[] borders)
    {
        _borders = borders;
    }

    /// <summary>Where characters of the set and others meet, ascending: from the first on they belong to it, from the second on not.</summary>
    public IReadOnlyList<int> Borders => _borders;

    /// <summary>Its ranges, ascending, each with its first and last character.</summary>
    public IEnumerable<(int First, int Last)> Ranges
    {
        get
        {
            for (var i = 0; i < _borders.Length; i += 2)
                yield return (_borders[i], _borders[i + 1] - 1);
        }
    }

    /// <summary>The characters from one to another.</summary>
    public static CodePointSet Range(int first, int last) => new([first, last + 1]);

    /// <summary>The characters of some ranges in any order.</summary>
    [SuppressMessage("Performance", "CA1851", Justification = "Ranges are sorted once.")]
    public static CodePointSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        List<int> borders = [];
        foreach (var (first, last) in ranges.Order())
        {
            if (borders.Count > 0 && first <= borders[^1])
                borders[^1] = Math.Max(borders[^1], last + 1);
            else
                borders.AddRange([first, last + 1]);
        }

        return new CodePointSet([.. borders]);
    }

    /// <summary>Whether a character belongs to it.</summary>
    public bool Contains(int codePoint)
    {
        var at = Array.BinarySearch(_borders, codePoint);
        return ((at >= 0 ? at : ~at - 1) & 1) == 0;
    }

    /// <summary>What belongs to this set or another.</summary>
    public CodePointSet Union(CodePointSet other) => Combine(other, static (a, b) => a || b);

    /// <summary>What belongs to both.</summary>
    public CodePointSet Intersect(CodePointSet other) => Combine(other, static (a, b) => a && b);

    /// <summary>What belongs to this set and not to the other.</summary>
    public CodePointSet Except(CodePointSet other) => Combine(other, static (a, b) => a && !b);

    /// <summary>What does not belong to it.</summary>
    public CodePointSet Complement() => Range(0, End - 1).Except(this);

    private CodePointSet Combine(CodePointSet other, Func<bool, bool, bool> belongs)
    {
        List<int> borders = [];
        for (int i = 0, j = 0; i < _borders.Length || j < other._borders.Length;)
        {
            var at = Math.Min(i < _borders.Length ? _borders[i] : int.MaxValue, j < other._borders.Length ? other._borders[j] : int.MaxValue);
            i += i < _borders.Length && _borders[i] == at ? 1 : 0;
            j += j < other._borders.Length && other._borders[j] == at ? 1 : 0;
            if (belongs((i & 1) == 1, (j & 1) == 1) != ((borders.Count & 1) == 1))
                borders.Add(at);
        }

        return new CodePointSet([.. borders]);
    }
}
