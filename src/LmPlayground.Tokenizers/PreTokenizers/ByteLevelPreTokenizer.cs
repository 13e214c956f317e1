using LmPlayground.Tokenizers.Normalizers;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.PreTokenizers;

/// <summary>GPT-2's words.</summary>
/// <param name="addPrefixSpace">Whether a text that begins with no space gets one.</param>
/// <param name="useRegex">Whether the text is split; otherwise another step has done that.</param>
/// <param name="spells">
/// Whether words are spelled in the alphabet of bytes, as Hugging Face does here. Where a byte-level model follows at once that is left to
/// the model, which counts in bytes anyway.
/// </param>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex, bool spells = false) : PreTokenizer
{
    private static readonly SplitPreTokenizer Words = new(
        TextPattern.Expression(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), SplitBehavior.Isolated);

    private static readonly ByteLevelNormalizer Speller = new();

    public override void Split(TextPiece piece, List<TextPiece> output)
    {
        if (addPrefixSpace && piece.Span[0] != ' ')
        {
            var spaced = piece.ToText().Prepend(" ");
            piece = new TextPiece(spaced, 0, spaced.Text.Length);
        }

        var before = output.Count;
        if (useRegex)
            Words.Split(piece, output);
        else
            output.Add(piece);
        for (var i = before; spells && i < output.Count; i++)
        {
            var spelled = Speller.Normalize(output[i].ToText());
            output[i] = new TextPiece(spelled, 0, spelled.Text.Length);
        }
    }
}
