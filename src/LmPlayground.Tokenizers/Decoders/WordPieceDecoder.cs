using System.Collections.Immutable;
using System.Text;

namespace LmPlayground.Tokenizers.Decoders;

/// <summary>BERT's pieces: spaces between words, none before a continuation; optionally none before punctuation and contractions.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : TokenDecoder
{
    /// <summary>What <c>cleanup</c> replaces, one after the other.</summary>
    public static readonly ImmutableArray<(string Spaced, string Joined)> Cleanups =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")];

    public override byte[] BytesOf(string token, bool isFirst)
    {
        var text = isFirst ? token : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        if (cleanup)
        {
            foreach (var (spaced, joined) in Cleanups)
                text = text.Replace(spaced, joined, StringComparison.Ordinal);
        }

        return Encoding.UTF8.GetBytes(text);
    }
}
