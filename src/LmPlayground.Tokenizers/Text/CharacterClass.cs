using LmPlayground.Tokenizers.Text.Unicode;

namespace LmPlayground.Tokenizers.Text;

/// <summary>The characters that one place of a pattern takes.</summary>
/// <param name="Set">The characters.</param>
/// <param name="Text">
/// What .NET writes inside brackets for the same characters of the basic plane, or, where <paramref name="IsNegated"/>, for all others; null
/// where only their ranges say it. Categories are faster than ranges.
/// </param>
/// <param name="IsNegated">Whether the text says what does not belong to it.</param>
internal sealed record CharacterClass(CodePointSet Set, string? Text = null, bool IsNegated = false)
{
    /// <summary>White space.</summary>
    public static readonly CharacterClass Space = new(CharacterProperties.Space, @"\s");

    /// <summary>Decimal digits.</summary>
    public static readonly CharacterClass Digit = new(CharacterProperties.Digit, @"\d");

    /// <summary>Word characters.</summary>
    public static readonly CharacterClass Word = new(CharacterProperties.Word, WordCharacters.Class);

    /// <summary>What <c>\w</c> and <c>\b</c> take for word characters outside of brackets, where Oniguruma goes by Latin-1: raised digits and fractions too.</summary>
    public static readonly CharacterClass LoneWord = new(
        CharacterProperties.Word.Union(CodePointSet.Of([(0xB2, 0xB3), (0xB9, 0xB9), (0xBC, 0xBE)])), WordCharacters.Class + @"\u00B2\u00B3\u00B9\u00BC-\u00BE");

    /// <summary>Hexadecimal digits.</summary>
    public static readonly CharacterClass HexDigit = new(CharacterProperties.HexDigit, "0-9a-fA-F");

    /// <summary>The class of a property's name.</summary>
    /// <exception cref="ArgumentException">Nobody knows the name.</exception>
    public static CharacterClass Property(string name)
    {
        if (name.StartsWith('^'))
            return Property(name[1..]).Negate();
        var set = CharacterProperties.Find(name) ?? throw new ArgumentException($"there is no character property \"{name}\"");
        return new CharacterClass(set, CharacterProperties.CategoryOf(name) is { } category and not ("C" or "Cs") ? $@"\p{{{category}}}" : null);
    }

    /// <summary>The class of one character or a range.</summary>
    public static CharacterClass Range(int first, int last)
    {
        var isPlain = first < char.MinValue + 0x80 && last < 0x80;
        return new CharacterClass(CodePointSet.Range(first, last), isPlain ? first == last ? Escape(first) : $"{Escape(first)}-{Escape(last)}" : null);
    }

    /// <summary>All other characters.</summary>
    public CharacterClass Negate() => new(Set.Complement(), Text, Text is not null && !IsNegated);

    /// <summary>The characters of both.</summary>
    public CharacterClass Union(CharacterClass other) =>
        new(Set.Union(other.Set), Text is not null && other.Text is not null && !IsNegated && !other.IsNegated ? Text + other.Text : null);

    /// <summary>The class with the other cases of its letters.</summary>
    public CharacterClass IgnoreCase()
    {
        var closed = LetterCases.Close(Set);
        return ReferenceEquals(closed, Set) ? this : new CharacterClass(closed);
    }

    /// <summary>The class in .NET's syntax.</summary>
    /// <param name="standIns">What stands for characters beyond the basic plane; null for a text without them.</param>
    public string Write(StandIns? standIns)
    {
        if (Text is { } text)
            return $"[{(IsNegated ? "^" : "")}{text}{standIns?.In(IsNegated ? Set.Complement() : Set)}]";
        var own = Ranges(Set) + standIns?.In(Set);
        var others = Ranges(Set.Complement()) + standIns?.In(Set.Complement());
        return own.Length == 0 ? "(?!)" : others.Length == 0 ? @"[\s\S]" : own.Length <= others.Length ? $"[{own}]" : $"[^{others}]";
    }

    /// <summary>A character of the basic plane as .NET writes it anywhere.</summary>
    public static string Escape(int character) => char.IsAsciiLetterOrDigit((char)character) ? ((char)character).ToString() : $@"\u{character:X4}";

    /// <summary>The ranges below and above the surrogates, which are no characters and stand for others.</summary>
    private static string Ranges(CodePointSet set) => string.Concat(
        set.Intersect(CodePointSet.Range(0, 0xD7FF).Union(CodePointSet.Range(0xE000, 0xFFFF))).Ranges
            .Select(range => range.First == range.Last ? Escape(range.First) : $"{Escape(range.First)}-{Escape(range.Last)}"));
}
