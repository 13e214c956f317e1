using System.Buffers;
using System.Text;
using LmPlayground.Tokenizers.Text.Unicode;

namespace LmPlayground.Tokenizers.Text;

/// <summary>Reads what one place of a pattern may be: escapes, and classes in brackets.</summary>
/// <param name="pattern">The whole pattern.</param>
internal sealed class PatternClasses(string pattern)
{
    /// <summary>Where the next character is read.</summary>
    public int At { get; set; }

    /// <summary>Whether the pattern has been read.</summary>
    public bool IsAtEnd => At >= pattern.Length;

    /// <summary>Reads one character as it is written.</summary>
    /// <exception cref="ArgumentException">It is half of one.</exception>
    public int ReadCharacter()
    {
        if (Rune.DecodeFromUtf16(pattern.AsSpan(At), out var rune, out var length) != OperationStatus.Done)
            throw new ArgumentException("it ends too early, or has half a character");
        At += length;
        return rune.Value;
    }

    /// <summary>Whether a text comes next; if so it is read.</summary>
    public bool TryRead(string text)
    {
        if (string.CompareOrdinal(pattern, At, text, 0, text.Length) != 0)
            return false;
        At += text.Length;
        return true;
    }

    /// <summary>Reads the rest up to a text, and that.</summary>
    /// <exception cref="ArgumentException">It does not come.</exception>
    public string ReadTo(string end, string what)
    {
        var found = pattern.IndexOf(end, At, StringComparison.Ordinal);
        if (found < 0)
            throw new ArgumentException($"{what} is not closed");
        var text = pattern[At..found];
        At = found + end.Length;
        return text;
    }

    /// <summary>Reads a class whose bracket has been read.</summary>
    /// <param name="ignoresCase">Whether it has the other cases of its letters, those of classes inside it included.</param>
    public CharacterClass ReadBrackets(bool ignoresCase = false)
    {
        var isNegated = TryRead("^");
        CharacterClass? all = null, part = null;
        for (var isFirst = true; ; isFirst = false)
        {
            if (IsAtEnd)
                throw new ArgumentException("a class is not closed");
            if (TryRead("&&"))
            {
                all = Both(all, part);
                part = null;
            }
            else if (!isFirst && TryRead("]"))
            {
                break;
            }
            else
            {
                var item = ReadItem();
                part = part?.Union(item) ?? item;
            }
        }

        var found = all is null ? part! : Both(all, part);
        found = ignoresCase ? found.IgnoreCase() : found;
        return isNegated ? found.Negate() : found;
    }

    /// <summary>Reads an escape for a class of characters, whose backslash has been read, or nothing.</summary>
    /// <param name="isLone">Whether it stands outside of brackets.</param>
    public CharacterClass? TryReadClassEscape(bool isLone)
    {
        if (IsAtEnd)
            return null;
        var letter = pattern[At];
        var found = char.ToLowerInvariant(letter) switch
        {
            'w' => isLone ? CharacterClass.LoneWord : CharacterClass.Word,
            'd' => CharacterClass.Digit,
            's' => CharacterClass.Space,
            'h' => CharacterClass.HexDigit,
            _ => null,
        };
        if (found is null && letter is 'p' or 'P' && At + 1 < pattern.Length && pattern[At + 1] == '{')
        {
            At += 2;
            found = CharacterClass.Property(ReadTo("}", "a property"));
        }
        else if (found is null)
        {
            return null;
        }
        else
        {
            At++;
        }

        return char.IsAsciiLetterUpper(letter) ? found.Negate() : found;
    }

    /// <summary>Reads an escape for one character, whose backslash has been read.</summary>
    public int ReadCharacterEscape()
    {
        var c = ReadCharacter();
        switch (c)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'r': return '\r';
            case 'f': return '\f';
            case 'v': return '\v';
            case 'a': return '\a';
            case 'e': return 0x1B;
            case 'x' when TryRead("{"): return Number(ReadTo("}", "\\x{").Trim(), 16);
            case 'x': return Number(Digits(2, char.IsAsciiHexDigit), 16);
            case 'u': return Number(Digits(4, char.IsAsciiHexDigit), 16);
            case 'c': return ReadCharacter() & 0x1F;
            case >= '0' and <= '7':
                At--;
                return Number(Digits(3, static digit => digit is >= '0' and <= '7'), 8);
            default: return c;
        }
    }

    private static CharacterClass Both(CharacterClass? left, CharacterClass? right)
    {
        var set = right?.Set ?? CodePointSet.Empty;
        return new CharacterClass(left?.Set.Intersect(set) ?? set);
    }

    private static int Number(string digits, int radix)
    {
        try
        {
            var value = digits.Length is > 0 and < 9 ? Convert.ToInt32(digits, radix) : -1;
            return value is >= 0 and < CodePointSet.End ? value : throw new ArgumentException($"\"{digits}\" is no character's number");
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"\"{digits}\" is no character's number", e);
        }
    }

    private string Digits(int most, Func<char, bool> isDigit)
    {
        var start = At;
        while (At - start < most && !IsAtEnd && isDigit(pattern[At]))
            At++;
        return pattern[start..At];
    }

    /// <summary>A character, a range, or a class inside a class.</summary>
    private CharacterClass ReadItem()
    {
        if (TryRead("[:"))
        {
            if (TryReadPosix() is { } posix)
                return posix;
            At--;
            return ReadBrackets();
        }

        if (TryRead("["))
            return ReadBrackets();
        var (known, first) = ReadOne();
        if (known is not null)
            return known;
        if (At + 1 >= pattern.Length || pattern[At] != '-' || pattern[At + 1] is ']' or '[')
            return CharacterClass.Range(first, first);
        At++;
        (known, var last) = ReadOne();
        if (known is not null || last < first)
            throw new ArgumentException("a range of a class has no end, or ends before it begins");
        return CharacterClass.Range(first, last);
    }

    private (CharacterClass? Class, int Character) ReadOne()
    {
        if (!TryRead("\\"))
            return (null, ReadCharacter());
        if (TryReadClassEscape(isLone: false) is { } found)
            return (found, 0);
        return (null, TryRead("b") ? '\b' : ReadCharacterEscape());
    }

    private CharacterClass? TryReadPosix()
    {
        var start = At;
        var isNegated = TryRead("^");
        var end = pattern.IndexOf(":]", At, StringComparison.Ordinal);
        if (end < 0 || pattern.AsSpan(At, end - At).ContainsAnyExceptInRange('a', 'z'))
        {
            At = start;
            return null;
        }

        var name = ReadTo(":]", "a bracket");
        var set = CharacterProperties.FindPosix(name) ?? throw new ArgumentException($"there is no class [:{name}:]");
        return isNegated ? new CharacterClass(set).Negate() : new CharacterClass(set);
    }
}
