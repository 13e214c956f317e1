using System.Globalization;
using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Normalizers;

/// <summary>Lower case, character by character and the same in every culture.</summary>
internal sealed class LowercaseNormalizer : TextNormalizer
{
    private static readonly Rune CapitalDottedI = new(0x0130);

    public override NormalizedText Normalize(NormalizedText text) => text.Transform(Changes(text.Text));

    private static IEnumerable<(Rune, int)> Changes(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // The only character whose lower case is two.
            if (rune == CapitalDottedI)
            {
                yield return (new Rune('i'), 0);
                yield return (new Rune(0x0307), 1);
            }
            else
            {
                yield return (Rune.ToLowerInvariant(rune), 0);
            }
        }
    }
}

/// <summary>Removes marks of every kind; used after a decomposing form.</summary>
internal sealed class StripAccentsNormalizer : TextNormalizer
{
    public override NormalizedText Normalize(NormalizedText text) => CharacterFilter.Keep(
        text,
        rune => Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark));
}

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : TextNormalizer
{
    public override NormalizedText Normalize(NormalizedText text)
    {
        var start = left ? text.Text.Length - text.Text.AsSpan().TrimStart().Length : 0;
        var end = right ? text.Text.AsSpan().TrimEnd().Length : text.Text.Length;
        return text.Slice(Math.Min(start, end), Math.Max(0, end - start));
    }
}

/// <summary>Puts a text in front of every text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : TextNormalizer
{
    public override NormalizedText Normalize(NormalizedText text) => text.Prepend(prefix);
}

/// <summary>Replaces every match of a pattern.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : TextNormalizer
{
    public override NormalizedText Normalize(NormalizedText text)
    {
        var matches = new List<(int, int)>();
        pattern.FindMatches(text.Text, matches);
        matches.RemoveAll(m => m.Item2 == 0);
        return text.Replace(matches, content);
    }
}

/// <summary>Drops characters, with the origins of the others kept.</summary>
internal static class CharacterFilter
{
    public static NormalizedText Keep(NormalizedText text, Func<Rune, bool> keep)
    {
        var kept = new List<(Rune Character, int Change)>();
        var skipped = 0;
        foreach (var rune in text.Text.EnumerateRunes())
        {
            if (keep(rune))
                kept.Add((rune, 0));
            else if (kept.Count == 0)
                skipped++;
            else
                kept[^1] = (kept[^1].Character, kept[^1].Change - 1);
        }

        return text.Transform(kept, skipped);
    }
}
