using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.PreTokenizers;

/// <summary>Pieces of a fixed number of characters; the last may be shorter.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : PreTokenizer
{
    public override void Split(TextPiece piece, List<TextPiece> output)
    {
        int start = 0;
        int at = 0;
        int characters = 0;
        foreach (Rune rune in piece.Span.EnumerateRunes())
        {
            at += rune.Utf16SequenceLength;
            if (++characters % length == 0)
            {
                output.Add(piece.Slice(start, at - start));
                start = at;
            }
        }

        if (at > start)
            output.Add(piece.Slice(start, at - start));
    }
}
