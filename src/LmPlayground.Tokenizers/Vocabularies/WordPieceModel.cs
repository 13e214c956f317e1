using System.Text;

namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>BERT's words in pieces: the longest token first, the rest with a prefix; a word that cannot be pieced together is unknown.</summary>
/// <remarks>Not Microsoft.ML.Tokenizers' WordPieceTokenizer, which brings its own normalization and gives no offsets into ours.</remarks>
internal sealed class WordPieceModel(Vocabulary vocabulary, int unknownId, string continuingPrefix, int longestWord) : TokenModel(vocabulary)
{
    public override void Tokenize(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        var before = output.Count;
        if (!TryTokenize(word, output))
        {
            output.RemoveRange(before, output.Count - before);
            output.Add(new ModelToken(unknownId, 0, Encoding.UTF8.GetByteCount(word)));
        }
    }

    private bool TryTokenize(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        var characters = 0;
        foreach (var _ in word.EnumerateRunes())
            characters++;
        if (characters > longestWord)
            return false;

        Span<char> buffer = new char[continuingPrefix.Length + word.Length];
        continuingPrefix.CopyTo(buffer);
        var at = 0;
        for (var start = 0; start < word.Length;)
        {
            var end = word.Length;
            int id;
            while (!Vocabulary.TryGetId(Piece(word[start..end], start, buffer), out id))
            {
                end--;
                if (end > start && char.IsLowSurrogate(word[end]))
                    end--;
                if (end <= start)
                    return false;
            }

            var length = Encoding.UTF8.GetByteCount(word[start..end]);
            output.Add(new ModelToken(id, at, at + length));
            at += length;
            start = end;
        }

        return true;
    }

    private ReadOnlySpan<char> Piece(ReadOnlySpan<char> piece, int start, Span<char> buffer)
    {
        if (start == 0)
            return piece;
        piece.CopyTo(buffer[continuingPrefix.Length..]);
        return buffer[..(continuingPrefix.Length + piece.Length)];
    }
}
