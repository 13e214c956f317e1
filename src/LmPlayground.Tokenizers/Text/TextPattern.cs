using System.Text;
using System.Text.RegularExpressions;

namespace LmPlayground.Tokenizers.Text;

/// <summary>What a tokenizer looks for in a text: a fixed string or a regular expression of tokenizer.json.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class TextPattern
{
    // A pattern comes from a stranger's file and may backtrack for ever.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(10);

    private readonly string? _literal;
    private readonly Regex? _regex;
    private readonly Func<Rune, bool>? _characters;

    private TextPattern(string? literal, Regex? regex, Func<Rune, bool>? characters = null)
    {
        _literal = literal;
        _regex = regex;
        _characters = characters;
    }

    public static TextPattern Literal(string text) => new(text, null);

    /// <summary>Every character of a kind, each a match of its own.</summary>
    public static TextPattern Characters(Func<Rune, bool> isMatch) => new(null, null, isMatch);

    /// <summary>A regular expression as Hugging Face writes it (Oniguruma's syntax).</summary>
    /// <exception cref="ArgumentException">It is no valid expression, or uses what .NET has no equal for.</exception>
    public static TextPattern Expression(string pattern) =>
        new(null, new Regex(PatternTranslator.ToDotNet(pattern), RegexOptions.Compiled | RegexOptions.CultureInvariant | RegexOptions.Multiline, MatchTimeout));

    /// <summary>Adds every match, in order, as start and length in UTF-16 code units.</summary>
    /// <exception cref="ModelRunException">The expression takes too long on this text.</exception>
    public void FindMatches(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        if (_characters is not null)
        {
            FindCharacters(text, _characters, matches);
            return;
        }

        if (_regex is null)
        {
            FindLiteral(text, matches);
            return;
        }

        try
        {
            if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            {
                foreach (var match in _regex.EnumerateMatches(text))
                    matches.Add((match.Index, match.Length));
            }
            else
            {
                FindInCodePoints(text, matches);
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ModelRunException("The tokenizer's split pattern takes too long on this text; a shorter text may do.", e);
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

    /// <summary>
    /// .NET matches UTF-16 code units, to which no letter beyond the basic plane is a letter: such characters are matched
    /// through stand-ins of the same category, one for each.
    /// </summary>
    private void FindInCodePoints(ReadOnlySpan<char> text, List<(int, int)> matches)
    {
        var standIns = new char[text.Length];
        var starts = new int[text.Length + 1];
        var count = 0;
        for (var i = 0; i < text.Length;)
        {
            starts[count] = i;
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            standIns[count++] = pair ? StandIns.For(char.ConvertToUtf32(text[i], text[i + 1])) : text[i];
            i += pair ? 2 : 1;
        }

        starts[count] = text.Length;
        foreach (var match in _regex!.EnumerateMatches(standIns.AsSpan(0, count)))
        {
            var start = starts[match.Index];
            matches.Add((start, starts[match.Index + match.Length] - start));
        }
    }
}
