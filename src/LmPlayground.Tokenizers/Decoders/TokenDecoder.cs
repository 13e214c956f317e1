using System.Text;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Decoders;

/// <summary>The fifth step, backwards: a token in its own spelling to the bytes of its text.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal abstract class TokenDecoder
{
    /// <summary>The bytes of a token's text in UTF-8; they may be a part of a character.</summary>
    /// <param name="token">The token in the vocabulary's spelling.</param>
    /// <param name="isFirst">Whether no token came before it.</param>
    public abstract byte[] BytesOf(string token, bool isFirst);

    /// <summary>Whether the token is a single byte that is only text together with its neighbours, each byte being replaced where they are not.</summary>
    public virtual bool IsFallbackByte(string token) => false;

    /// <summary>What stands after the token if another one follows.</summary>
    public virtual ReadOnlySpan<byte> Owed(string token) => default;
}

/// <summary>Byte-level tokens: every character stands for a byte.</summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    public override byte[] BytesOf(string token, bool isFirst) => ByteAlphabet.BytesOf(token);
}

/// <summary>Tokens are their text. Hugging Face puts a space between them where a tokenizer has no decoder at all.</summary>
internal sealed class PlainDecoder(bool spaced) : TokenDecoder
{
    public override byte[] BytesOf(string token, bool isFirst) => Encoding.UTF8.GetBytes(spaced && !isFirst ? " " + token : token);
}
