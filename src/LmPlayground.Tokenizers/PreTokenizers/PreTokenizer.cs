using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.PreTokenizers;

/// <summary>The second step: splits a normalised text into words that no token crosses.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal abstract class PreTokenizer
{
    /// <summary>Adds the pieces of <paramref name="piece"/>, in order, to <paramref name="output"/>; none is empty.</summary>
    public abstract void Split(TextPiece piece, List<TextPiece> output);
}

/// <summary>Several pre-tokenizers, each splitting what the one before left.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    public override void Split(TextPiece piece, List<TextPiece> output)
    {
        List<TextPiece> pieces = [piece];
        for (var i = 0; i < steps.Count; i++)
        {
            var next = i == steps.Count - 1 ? output : [];
            foreach (var part in pieces)
                steps[i].Split(part, next);
            pieces = next;
        }

        if (steps.Count == 0)
            output.Add(piece);
    }
}
