using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.PreTokenizers;

/// <summary>Pieces of a fixed number of characters; the last may be shorter.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : PreTokenizer
{
    public override void Split(TextPiece piece, List<TextPiece> output)
    {
        var start = 0;
        var at = 0;
        var characters = 0;
        foreach (var rune in piece.Span.EnumerateRunes())
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
