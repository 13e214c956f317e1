using System.Text.RegularExpressions;

namespace LmPlayground.Tokenizers.Text;

/// <summary>
/// An expression in .NET's syntax. .NET matches UTF-16 code units, to which no letter beyond the basic plane is a letter: texts with such
/// characters are matched through stand-ins of one unit each, by an expression of their own.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TranslatedPattern
{
    // A pattern comes from a stranger's file and may backtrack for ever.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(10);

    private readonly Regex _plain;
    private readonly Lazy<Regex> _withStandIns;
    private readonly StandIns _standIns;

    /// <param name="plain">The expression for texts of the basic plane.</param>
    /// <param name="withStandIns">The one for texts of stand-ins.</param>
    /// <param name="standIns">What they are.</param>
    /// <exception cref="ArgumentException">It is no valid expression.</exception>
    public TranslatedPattern(string plain, string withStandIns, StandIns standIns)
    {
        _plain = Compile(plain);
        _withStandIns = new Lazy<Regex>(() => Compile(withStandIns));
        _standIns = standIns;

        static Regex Compile(string expression) => new(expression, RegexOptions.Compiled | RegexOptions.CultureInvariant | RegexOptions.Multiline, MatchTimeout);
    }

    /// <summary>Adds every match, in UTF-16 code units.</summary>
    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    /// <exception cref="IndexOutOfRangeException">What .NET 10 compiles of some loops of groups that may be empty loses its way.</exception>
    public void Find(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            foreach (var match in _plain.EnumerateMatches(text))
                matches.Add((match.Index, match.Length));
        }
        else
        {
            FindInCodePoints(text, matches);
        }
    }

    private void FindInCodePoints(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        var standIns = new char[text.Length];
        var starts = new int[text.Length + 1];
        var count = 0;
        for (var i = 0; i < text.Length;)
        {
            starts[count] = i;
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            standIns[count++] = isPair ? _standIns.For(char.ConvertToUtf32(text[i], text[i + 1])) : text[i];
            i += isPair ? 2 : 1;
        }

        starts[count] = text.Length;
        foreach (var match in _withStandIns.Value.EnumerateMatches(standIns.AsSpan(0, count)))
            matches.Add((starts[match.Index], starts[match.Index + match.Length] - starts[match.Index]));
    }
}
