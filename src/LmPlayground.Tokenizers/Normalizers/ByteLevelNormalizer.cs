using System.Text;
using LmPlayground.Tokenizers.Text;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Normalizers;

/// <summary>Spells a text in <see cref="ByteAlphabet"/>: a character for every byte of its UTF-8.</summary>
internal sealed class ByteLevelNormalizer : TextNormalizer
{
    public override NormalizedText Normalize(NormalizedText text) => text.Transform(Spell(text.Text));

    private static IEnumerable<(Rune, int)> Spell(string text)
    {
        var bytes = new byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(bytes);
            for (var i = 0; i < length; i++)
                yield return (new Rune(ByteAlphabet.CharacterOf(bytes[i])), i == 0 ? 0 : 1);
        }
    }
}
