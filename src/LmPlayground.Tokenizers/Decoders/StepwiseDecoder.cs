using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Decoders;

/// <summary>SentencePiece's steps: every token's text is rewritten, byte tokens become bytes, all is fused and characters in front are stripped.</summary>
/// <param name="steps">What becomes of every token by itself, in order.</param>
/// <param name="byteFallback">Whether <c>&lt;0x41&gt;</c> spells a byte.</param>
/// <param name="strip">The character stripped in front of the whole text.</param>
/// <param name="stripCount">How many of it at most.</param>
internal sealed class StepwiseDecoder(IReadOnlyList<TokenRewrite> steps, bool byteFallback, char strip = ' ', int stripCount = 0) : TokenDecoder
{
    public override byte[] BytesOf(string token, bool isFirst)
    {
        foreach (var step in steps)
            token = step(token, isFirst);
        var bytes = byteFallback && FallbackByte.TryRead(token, out var value) ? [value] : Encoding.UTF8.GetBytes(token);
        var stripped = 0;
        while (isFirst && stripped < stripCount && stripped < bytes.Length && bytes[stripped] == strip)
            stripped++;
        return bytes[stripped..];
    }

    public override bool IsFallbackByte(string token) => byteFallback && FallbackByte.TryRead(token, out _);
}

/// <summary>Rewrites one token's text; <paramref name="isFirst"/> says whether no token came before it.</summary>
internal delegate string TokenRewrite(string token, bool isFirst);

/// <summary>The steps that rewrite one token at a time.</summary>
internal static class TokenRewrites
{
    /// <summary>Replaces every match of a pattern.</summary>
    public static TokenRewrite Replace(TextPattern pattern, string content) => (token, _) =>
    {
        var matches = new List<(int Start, int Length)>();
        pattern.FindMatches(token, matches);
        if (matches.Count == 0)
            return token;
        var text = new StringBuilder(token.Length);
        var at = 0;
        foreach (var (start, length) in matches)
        {
            text.Append(token, at, start - at).Append(content);
            at = start + length;
        }

        return text.Append(token, at, token.Length - at).ToString();
    };

    /// <summary>Drops a character at most so many times at each end.</summary>
    public static TokenRewrite Strip(char content, int start, int stop) => (token, _) =>
    {
        var from = 0;
        while (from < Math.Min(start, token.Length) && token[from] == content)
            from++;
        var until = token.Length;
        while (until > from && token.Length - until < stop && token[until - 1] == content)
            until--;
        return token[from..until];
    };

    /// <summary>SentencePiece's marks back to spaces, without those of the first token where the tokenizer itself put one there.</summary>
    /// <remarks>As in Hugging Face every mark of the first token goes, not just the one in front.</remarks>
    public static TokenRewrite Metaspace(char replacement, bool dropsFirst) => (token, isFirst) =>
        isFirst && dropsFirst ? token.Replace(replacement.ToString(), "", StringComparison.Ordinal) : token.Replace(replacement, ' ');
}
