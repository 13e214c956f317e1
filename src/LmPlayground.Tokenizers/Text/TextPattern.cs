using System.Text;
using System.Text.RegularExpressions;

namespace LmPlayground.Tokenizers.Text;

/// <summary>What a tokenizer looks for in a text: a fixed string or a regular expression of tokenizer.json.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class TextPattern
{
    private readonly string? _literal;
    private readonly TranslatedPattern? _pattern;
    private readonly Func<Rune, bool>? _characters;

    private TextPattern(string literal)
    {
        _literal = literal;
    }

    private TextPattern(Func<Rune, bool> characters)
    {
        _characters = characters;
    }

    private TextPattern(TranslatedPattern pattern)
    {
        _pattern = pattern;
    }

    public static TextPattern Literal(string text) => new(text);

    /// <summary>Every character of a kind, each a match of its own.</summary>
    public static TextPattern Characters(Func<Rune, bool> isMatch) => new(isMatch);

    /// <summary>A regular expression as Hugging Face writes it (Oniguruma's syntax).</summary>
    /// <exception cref="ArgumentException">It is no valid expression, or uses what .NET has no equal for.</exception>
    public static TextPattern Expression(string pattern) => new(PatternTranslator.Translate(pattern));

    /// <summary>Adds every match, in order, as start and length in UTF-16 code units.</summary>
    /// <exception cref="ModelRunException">The expression takes too long on this text.</exception>
    public void FindMatches(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        if (_characters is not null)
        {
            FindCharacters(text, _characters, matches);
            return;
        }

        if (_pattern is null)
        {
            FindLiteral(text, matches);
            return;
        }

        try
        {
            _pattern.Find(text, matches);
        }
        catch (Exception e) when (e is RegexMatchTimeoutException or IndexOutOfRangeException)
        {
            throw new ModelRunException("A pattern of tokenizer.json cannot be matched with this text, or not in ten seconds; another text may do.", e);
        }
    }

    private static void FindCharacters(ReadOnlySpan<char> text, Func<Rune, bool> isMatch, List<(int, int)> matches)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (isMatch(rune))
                matches.Add((at, rune.Utf16SequenceLength));
            at += rune.Utf16SequenceLength;
        }
    }

    private void FindLiteral(ReadOnlySpan<char> text, List<(int, int)> matches)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOf(_literal, StringComparison.Ordinal);
            if (next < 0 || _literal!.Length == 0)
                return;
            matches.Add((at + next, _literal.Length));
            at += next + _literal.Length;
        }
    }
}
