using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Decoders.Chain;

/// <summary>Replaces a text wherever it stands: what may be its beginning waits.</summary>
internal sealed class LiteralReplacer(string pattern, string content) : TokenRewriter
{
    private string _held = "";

    public override string Add(string text)
    {
        if (pattern.Length == 0)
            return text;
        text = _held + text;
        var output = new StringBuilder(text.Length);
        var at = 0;
        for (int found; (found = text.IndexOf(pattern, at, StringComparison.Ordinal)) >= 0; at = found + pattern.Length)
            output.Append(text, at, found - at).Append(content);
        var end = text.Length - HeldLength(text.AsSpan(at), pattern);
        _held = text[end..];
        return output.Append(text, at, end - at).ToString();
    }

    public override string End()
    {
        var held = _held;
        _held = "";
        return held;
    }

    /// <summary>How long the end of a text is that more text may complete to a pattern.</summary>
    public static int HeldLength(ReadOnlySpan<char> text, string pattern)
    {
        var length = Math.Min(text.Length, pattern.Length - 1);
        while (length > 0 && !text.EndsWith(pattern.AsSpan(0, length)))
            length--;
        return length;
    }
}

/// <summary>
/// Replaces the matches of an expression in whole tokens. Nobody knows what more text would make of a token that has no end, so that
/// there a match counts once one more piece has not changed it.
/// </summary>
/// <param name="pattern">What is replaced.</param>
/// <param name="content">By what.</param>
/// <param name="isEndless">Whether tokens have no end, and what is most likely is to be given.</param>
internal sealed class PatternReplacer(TextPattern pattern, string content, bool isEndless) : TokenRewriter
{
    private readonly TokenRewrite _replace = TokenRewrites.Replace(pattern, content);
    private string _text = "";
    private string _replaced = "";
    private int _given;

    public override void Begin(bool isFirst) => (_text, _replaced, _given) = ("", "", 0);

    public override string Add(string text)
    {
        _text += text;
        if (!isEndless)
            return "";
        var before = _replaced;
        _replaced = _replace(_text, false);
        return Give(before.AsSpan().CommonPrefixLength(_replaced));
    }

    public override string End()
    {
        _replaced = _replace(_text, false);
        return Give(_replaced.Length);
    }

    private string Give(int length)
    {
        if (length <= _given)
            return "";
        var text = _replaced[_given..length];
        _given = length;
        return text;
    }
}

/// <summary>Drops a character at most so many times at each end: what may be the end waits.</summary>
/// <param name="content">The character, as one or two UTF-16 code units.</param>
/// <param name="start">How many of them in front.</param>
/// <param name="stop">How many of them behind.</param>
internal sealed class Stripper(string content, int start, int stop) : TokenRewriter
{
    private int _left;
    private int _held;

    public override void Begin(bool isFirst) => (_left, _held) = (start, 0);

    public override string Add(string text)
    {
        while (_left > 0 && text.StartsWith(content, StringComparison.Ordinal))
        {
            text = text[content.Length..];
            _left--;
        }

        if (text.Length == 0)
            return "";
        _left = 0;
        text = string.Concat(Enumerable.Repeat(content, _held)) + text;
        _held = 0;
        while (_held < stop && text.EndsWith(content, StringComparison.Ordinal))
        {
            text = text[..^content.Length];
            _held++;
        }

        return text;
    }
}

/// <summary>SentencePiece's marks back to spaces; those of the first token go where the tokenizer puts one in front.</summary>
internal sealed class MetaspaceRewriter(char replacement, bool dropsFirst) : TokenRewriter
{
    private bool _drops;

    public override void Begin(bool isFirst) => _drops = isFirst && dropsFirst;

    public override string Add(string text) => TokenRewrites.Metaspace(replacement, _drops)(text, _drops);
}

/// <summary>A space in front of each token but the first and those with a prefix, which goes.</summary>
internal sealed class PrefixRewriter(string prefix) : TokenRewriter
{
    private string? _held;

    public override void Begin(bool isFirst) => _held = isFirst ? null : "";

    public override string Add(string text)
    {
        if (_held is null)
            return text;
        _held += text;
        return _held.Length < prefix.Length && prefix.StartsWith(_held, StringComparison.Ordinal) ? "" : End();
    }

    public override string End()
    {
        if (_held is not { } text)
            return "";
        _held = null;
        return text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : " " + text;
    }
}
