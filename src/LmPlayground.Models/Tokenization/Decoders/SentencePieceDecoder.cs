using System.Globalization;
using System.Text;

namespace LmPlayground.Models.Tokenization.Decoders;

/// <summary>Llama's and Mistral's steps: marks become spaces, byte tokens bytes, all is fused and characters in front are stripped.</summary>
/// <param name="replacements">What is replaced in every token, in order.</param>
/// <param name="byteFallback">Whether <c>&lt;0x41&gt;</c> spells a byte.</param>
/// <param name="strip">The character stripped in front of the whole text.</param>
/// <param name="stripCount">How many of it at most.</param>
internal sealed class SentencePieceDecoder(IReadOnlyList<(string From, string To)> replacements, bool byteFallback, char strip, int stripCount) : TokenDecoder
{
    public override byte[] BytesOf(string token, bool isFirst)
    {
        byte[] bytes = TryGetByte(token, out byte value) ? [value] : Encoding.UTF8.GetBytes(Replaced(token));
        int stripped = 0;
        while (isFirst && stripped < stripCount && stripped < bytes.Length && bytes[stripped] == strip)
            stripped++;
        return bytes[stripped..];
    }

    public override bool IsFallbackByte(string token) => TryGetByte(token, out _);

    private string Replaced(string token)
    {
        foreach ((string from, string to) in replacements)
            token = token.Replace(from, to, StringComparison.Ordinal);
        return token;
    }

    private bool TryGetByte(string token, out byte value)
    {
        value = 0;
        return byteFallback && token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
