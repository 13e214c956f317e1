using System.Text;
using LmPlayground.Tokenizers.Text.Unicode;

namespace LmPlayground.Tokenizers.Text;

/// <summary>Which letters are the same where case is ignored: one for one, as Unicode's simple case folding has it.</summary>
internal static class LetterCases
{
    private static readonly Lazy<int[][]> Families = new(Find);

    /// <summary>A set with the other cases of its letters; the same object where it has them all.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        List<(int, int)> missing = [];
        foreach (var family in Families.Value)
        {
            if (family.Any(set.Contains))
                missing.AddRange(family.Where(letter => !set.Contains(letter)).Select(letter => (letter, letter)));
        }

        return missing.Count == 0 ? set : set.Union(CodePointSet.Of(missing));
    }

    private static int[][] Find()
    {
        // No letter beyond the second plane has cases.
        var letters = Enumerable.Range(0, 0x20000).Where(Rune.IsValid).Select(value => new Rune(value));
        return [.. letters.GroupBy(Fold).Select(group => group.Select(rune => rune.Value).ToArray()).Where(family => family.Length > 1)];
    }

    // The long s is an s, which .NET's tables leave out.
    private static int Fold(Rune rune) => rune.Value == 0x17F ? 's' : Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).Value;
}
