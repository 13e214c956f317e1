using System.Globalization;

namespace LmPlayground.Tokenizers.Decoders;

/// <summary>How SentencePiece spells a byte for which there is no other token: <c>&lt;0x41&gt;</c>.</summary>
internal static class FallbackByte
{
    /// <summary>How long it is.</summary>
    public const int Length = 6;

    /// <summary>Whether a token is one, and which byte.</summary>
    public static bool TryRead(string token, out byte value)
    {
        value = 0;
        return token.Length == Length && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether more text may make one of a text that is none yet.</summary>
    public static bool MayBegin(string text) =>
        text.Length < Length && TryRead(string.Concat(text, "<0x00>".AsSpan(text.Length)), out _);
}
