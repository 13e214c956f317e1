using LmPlayground.Tokenizers.Text;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Pipeline;

/// <summary>From a word's bytes, which models count in, to the code units of the original text.</summary>
internal static class ByteOffsets
{
    /// <summary>Adds a word's tokens with their places in the original; one that covers part of a character covers it whole.</summary>
    public static void AddTokens(TextPiece word, List<ModelToken> found, List<TextToken> output)
    {
        var text = word.Span;

        // The character that the walk stands at, its first byte and its first unit: tokens come in order, so it only goes back by one token.
        var unit = 0;
        var first = 0;
        foreach (var token in found)
        {
            if (token.Start < first)
                (unit, first) = (0, 0);
            while (unit + Units(text, unit) < text.Length && first + Bytes(text[unit]) <= token.Start)
            {
                first += Bytes(text[unit]);
                unit += Units(text, unit);
            }

            var last = unit;
            var lastFirst = first;
            while (last + Units(text, last) < text.Length && lastFirst + Bytes(text[last]) < token.End)
            {
                lastFirst += Bytes(text[last]);
                last += Units(text, last);
            }

            var start = word.Source.OriginalStart(word.Start + unit);
            var end = word.Source.OriginalEnd(word.Start + last);
            output.Add(new TextToken(token.Id, start, Math.Max(0, end - start)));
        }
    }

    private static int Units(ReadOnlySpan<char> text, int at) => char.IsHighSurrogate(text[at]) ? 2 : 1;

    private static int Bytes(char first) => first < 0x80 ? 1 : first < 0x800 ? 2 : char.IsHighSurrogate(first) ? 4 : 3;
}
