using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Normalizers;

/// <summary>SentencePiece's cleaning for machine translation: control characters go, odd and invisible spaces become spaces.</summary>
internal sealed class NmtNormalizer : TextNormalizer
{
    public override NormalizedText Normalize(NormalizedText text)
    {
        text = CharacterFilter.Keep(text, rune => !IsRemoved(rune.Value));
        return text.Transform(text.Text.EnumerateRunes().Select(rune => (IsSpace(rune.Value) ? new Rune(' ') : rune, 0)).ToList());
    }

    private static bool IsRemoved(int value) => value is
        (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F;

    private static bool IsSpace(int value) => value is
        0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD;
}
