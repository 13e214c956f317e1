using System.Globalization;
using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Normalizers;

/// <summary>BERT's cleaning: control characters go, white space becomes spaces, ideographs stand alone, accents and case are dropped.</summary>
internal sealed class BertNormalizer(bool cleanText, bool spaceIdeographs, bool stripAccents, bool lowercase) : TextNormalizer
{
    private static readonly UnicodeNormalizer Decomposition = new(NormalizationForm.FormD);
    private static readonly LowercaseNormalizer Lower = new();

    public override NormalizedText Normalize(NormalizedText text)
    {
        if (cleanText)
        {
            text = CharacterFilter.Keep(text, rune => rune.Value is not (0 or 0xFFFD) && !IsControl(rune));
            text = text.Transform(text.Text.EnumerateRunes().Select(rune => (Rune.IsWhiteSpace(rune) ? new Rune(' ') : rune, 0)).ToList());
        }

        if (spaceIdeographs)
            text = text.Transform(text.Text.EnumerateRunes().SelectMany(Spaced).ToList());
        if (stripAccents)
            text = CharacterFilter.Keep(Decomposition.Normalize(text), rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark);
        return lowercase ? Lower.Normalize(text) : text;
    }

    private static bool IsControl(Rune rune) =>
        rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    private static IEnumerable<(Rune, int)> Spaced(Rune rune)
    {
        if (!IsIdeograph(rune.Value))
            return [(rune, 0)];

        // The space in front stands for the ideograph, which is itself inserted: all three have its origin.
        return [(new Rune(' '), 0), (rune, 1), (new Rune(' '), 1)];
    }

    private static bool IsIdeograph(int value) => value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
