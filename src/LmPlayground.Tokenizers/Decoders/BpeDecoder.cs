using System.Text;

namespace LmPlayground.Tokenizers.Decoders;

/// <summary>Tokens that end a word are marked; after each of them but the last stands a space.</summary>
internal sealed class BpeDecoder(string suffix) : TokenDecoder
{
    public override byte[] BytesOf(string token, bool isFirst) =>
        Encoding.UTF8.GetBytes(EndsWord(token) ? token[..^suffix.Length] : token);

    public override ReadOnlySpan<byte> Owed(string token) => EndsWord(token) ? " "u8 : default;

    private bool EndsWord(string token) => suffix.Length > 0 && token.EndsWith(suffix, StringComparison.Ordinal);
}
