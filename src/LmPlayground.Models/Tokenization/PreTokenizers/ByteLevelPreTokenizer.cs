namespace LmPlayground.Models.Tokenization.PreTokenizers;

/// <summary>GPT-2's words. The step from characters to bytes, which Hugging Face does here too, is left to the byte-level model.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly SplitPreTokenizer Words = new(
        TextPattern.Expression(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), SplitBehavior.Isolated);

    public override void Split(TextPiece piece, List<TextPiece> output)
    {
        if (addPrefixSpace && piece.Span[0] != ' ')
        {
            NormalizedText spaced = piece.ToText().Prepend(" ");
            piece = new TextPiece(spaced, 0, spaced.Text.Length);
        }

        if (useRegex)
            Words.Split(piece, output);
        else
            output.Add(piece);
    }
}
