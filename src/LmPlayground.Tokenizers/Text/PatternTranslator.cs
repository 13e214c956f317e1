using System.Buffers;
using System.Text;

namespace LmPlayground.Tokenizers.Text;

/// <summary>Oniguruma's regular expressions to .NET's.</summary>
/// <remarks>
/// Options are carried out here: .NET is given none. A class of characters is the set of its code points, so that those beyond the basic plane,
/// scripts and intersections are what they are there. What .NET cannot say is refused rather than read otherwise.
/// </remarks>
internal sealed class PatternTranslator
{
    // Stands in the output for a class, whose number follows: what is written out is ASCII.
    private const char ClassMark = '\uFFFF';

    private static readonly SearchValues<char> IntervalCharacters = SearchValues.Create("0123456789,");

    private readonly string _pattern;
    private readonly PatternClasses _input;
    private readonly StringBuilder _output = new();
    private readonly List<CharacterClass> _classes = [];
    private readonly Stack<OpenGroup> _groups = new();
    private readonly bool _hasNames;
    private readonly bool _hasReferences;
    private OpenGroup _group;
    private int _atom = -1;
    private bool _isRepeated;

    private PatternTranslator(string pattern)
    {
        _pattern = pattern;
        _input = new PatternClasses(pattern);
        for (var i = 0; i + 1 < pattern.Length; i++)
        {
            _hasReferences |= pattern[i] == '\\' && pattern[i + 1] is >= '1' and <= '9';
            if (pattern[i] == '\\')
                i++;
            else
                _hasNames |= i + 3 < pattern.Length && pattern[i] == '(' && pattern[i + 1] == '?' && (pattern[i + 2] == '\'' || (pattern[i + 2] == '<' && pattern[i + 3] is not ('=' or '!')));
        }
    }

    /// <summary>The expression for .NET, which has it in its option Multiline.</summary>
    /// <exception cref="ArgumentException">It is no valid expression, or uses what .NET has no equal for; the message says what.</exception>
    public static TranslatedPattern Translate(string pattern)
    {
        try
        {
            return new PatternTranslator(pattern).Run();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"'{pattern}': {e.Message}", e);
        }
    }

    private TranslatedPattern Run()
    {
        while (!_input.IsAtEnd)
            Step();
        if (_groups.Count > 0)
            throw new ArgumentException("a group is not closed");
        _output.Append(')', _group.Further);
        StandIns standIns = new([.. _classes.Select(one => one.Set)]);
        return new TranslatedPattern(Write(null), Write(standIns), standIns);
    }

    private string Write(StandIns? standIns)
    {
        string[] classes = [.. _classes.Select(one => one.Write(standIns))];
        StringBuilder expression = new(_output.Length * 2);
        for (var i = 0; i < _output.Length; i++)
        {
            if (_output[i] == ClassMark)
                expression.Append(classes[_output[++i]]);
            else
                expression.Append(_output[i]);
        }

        return expression.ToString();
    }

    private void Step()
    {
        var c = _pattern[_input.At];
        if (_group.IsExtended && (char.IsWhiteSpace(c) || c == '#'))
        {
            SkipComment(c);
            return;
        }

        switch (c)
        {
            case '\\':
                _input.At++;
                Escape();
                break;
            case '[':
                _input.At++;
                Atom(Mark(_input.ReadBrackets(_group.IgnoresCase)));
                break;
            case '.':
                _input.At++;
                Atom(_group.IsSingleLine ? @"[\s\S]" : ".");
                break;
            case '(':
                _input.At++;
                OpenParenthesis();
                break;
            case ')':
                _input.At++;
                CloseParenthesis();
                break;
            case '|':
                _input.At++;
                Assertion("|");
                break;
            case '^':
                // Behind the last end of line no line begins.
                _input.At++;
                Assertion(@"(?:\A|(?<=\n)(?!\z))");
                break;
            case '$':
                _input.At++;
                Assertion("$");
                break;
            case '?' or '*' or '+':
                _input.At++;
                Quantifier(c.ToString(), isInterval: false, isExact: false);
                break;
            case '{' when Interval() is { } interval:
                _input.At = _pattern.IndexOf('}', _input.At) + 1;
                Quantifier(interval, isInterval: true, isExact: !interval.Contains(',', StringComparison.Ordinal));
                break;
            default:
                Literal(_input.ReadCharacter());
                break;
        }
    }

    private void SkipComment(char first)
    {
        _input.At++;
        while (first == '#' && !_input.IsAtEnd && _pattern[_input.At - 1] != '\n')
            _input.At++;
    }

    private void Escape()
    {
        if (_input.IsAtEnd)
            throw new ArgumentException("it ends in a backslash");
        if (_input.TryReadClassEscape(isLone: true) is { } found)
        {
            Atom(Mark(found));
            return;
        }

        var c = _pattern[_input.At];
        switch (c)
        {
            case 'A' or 'Z' or 'z' or 'G':
                _input.At++;
                Assertion($@"\{c}");
                break;
            case 'b' or 'B':
                _input.At++;
                var word = Mark(CharacterClass.LoneWord);
                Assertion(c == 'b' ? $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))" : $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))");
                break;
            case 'R':
                _input.At++;
                Atom(@"(?>\r\n|[\n-\r\u0085\u2028\u2029])");
                break;
            case 'X':
                _input.At++;
                Atom(GraphemeClusters.Expression(Mark));
                break;
            case 'N':
                _input.At++;
                Atom(".");
                break;
            case 'O':
                _input.At++;
                Atom(@"[\s\S]");
                break;
            case 'K' or 'g' or 'y' or 'Y':
                throw new ArgumentException($@"\{c} is not supported");
            case 'k':
                _input.At++;
                NamedReference();
                break;
            case >= '1' and <= '9':
                NumberedReference();
                break;
            default:
                Literal(_input.ReadCharacterEscape());
                break;
        }
    }

    private void NamedReference()
    {
        var end = _input.TryRead("<") ? ">" : _input.TryRead("'") ? "'" : throw new ArgumentException(@"\k names no group");
        Atom($@"\k<{Name(_input.ReadTo(end, @"\k"))}>");
    }

    private void NumberedReference()
    {
        if (_hasNames)
            throw new ArgumentException("a group is referred to by its number where groups have names");
        var start = _input.At;
        while (!_input.IsAtEnd && char.IsAsciiDigit(_pattern[_input.At]))
            _input.At++;
        Atom($@"(?:\{_pattern.AsSpan(start, _input.At - start)})");
    }

    private void OpenParenthesis()
    {
        if (_input.TryRead("?#"))
        {
            _input.ReadTo(")", "a comment");
            return;
        }

        foreach (var kind in (string[])["?:", "?=", "?!", "?>", "?<=", "?<!"])
        {
            if (_input.TryRead(kind))
            {
                Open($"({kind}", _group);
                return;
            }
        }

        if (_input.TryRead("?<"))
            Open($"(?<{Name(_input.ReadTo(">", "a group's name"))}>", _group);
        else if (_input.TryRead("?'"))
            Open($"(?<{Name(_input.ReadTo("'", "a group's name"))}>", _group);
        else if (_input.TryRead("?"))
            OpenOptions();
        else if (_input.TryRead("*"))
            throw new ArgumentException("a group of the kind (* is not supported");
        else
            Open(_hasReferences && !_hasNames ? "(" : "(?:", _group);
    }

    /// <summary>Options of a group, or of the rest of the group that they stand in, alternatives included.</summary>
    private void OpenOptions()
    {
        var options = _group;
        for (var isOn = true; !_input.IsAtEnd; _input.At++)
        {
            switch (_pattern[_input.At])
            {
                case '-':
                    isOn = false;
                    break;
                case 'i':
                    options = options with { IgnoresCase = isOn };
                    break;
                case 'm':
                    options = options with { IsSingleLine = isOn };
                    break;
                case 'x':
                    options = options with { IsExtended = isOn };
                    break;
                case ':':
                    _input.At++;
                    Open("(?:", options);
                    return;
                case ')':
                    _input.At++;
                    Assertion("(?:");
                    _group = options with { Further = _group.Further + 1 };
                    return;
                default:
                    throw new ArgumentException($"a group of the kind (?{_pattern[_input.At]} is not supported");
            }
        }

        throw new ArgumentException("a group is not closed");
    }

    private void Open(string text, OpenGroup options)
    {
        _groups.Push(_group with { Start = _output.Length });
        _output.Append(text);
        _group = options with { Further = 0 };
        _atom = -1;
    }

    private void CloseParenthesis()
    {
        if (!_groups.TryPop(out var outer))
            throw new ArgumentException("a group is closed that was not opened");
        _output.Append(')', 1 + _group.Further);
        _group = outer;
        (_atom, _isRepeated) = (outer.Start, false);
    }

    /// <summary>A quantifier with what follows it: a question mark makes it lazy, a plus possessive. Behind an interval each is another quantifier.</summary>
    private void Quantifier(string text, bool isInterval, bool isExact)
    {
        if (_atom < 0)
            throw new ArgumentException($"nothing stands before the quantifier {text}");
        if (_isRepeated)
            _output.Insert(_atom, "(?:").Append(')');
        _output.Append(text);
        _isRepeated = true;
        if (!isExact && _input.TryRead("?"))
            _output.Append('?');
        else if (!isInterval && _input.TryRead("+"))
            _output.Insert(_atom, "(?>").Append(')');
    }

    /// <summary>The interval that comes next as .NET writes it, or null where the brace is a brace.</summary>
    private string? Interval()
    {
        var close = _pattern.IndexOf('}', _input.At);
        if (close < 0)
            return null;
        var inner = _pattern[(_input.At + 1)..close];
        if (inner.Length == 0 || inner == "," || inner.AsSpan().ContainsAnyExcept(IntervalCharacters) || inner.Count(c => c == ',') > 1)
            return null;
        return inner[0] == ',' ? $"{{0{inner}}}" : $"{{{inner}}}";
    }

    private void Literal(int character)
    {
        var one = CharacterClass.Range(character, character);
        if (_group.IgnoresCase)
            one = one.IgnoreCase();
        Atom(character <= char.MaxValue && !char.IsSurrogate((char)character) && one.Set.Borders is [_, _] borders && borders[1] - borders[0] == 1
            ? CharacterClass.Escape(character)
            : Mark(one));
    }

    private static string Name(string name) => name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c == '_') && !char.IsDigit(name[0])
        ? name
        : throw new ArgumentException($"\"{name}\" is no name of a group");

    private void Atom(string text)
    {
        (_atom, _isRepeated) = (_output.Length, false);
        _output.Append(text);
    }

    private void Assertion(string text)
    {
        _atom = -1;
        _output.Append(text);
    }

    private string Mark(CharacterClass one)
    {
        var number = _classes.IndexOf(one);
        if (number < 0)
        {
            number = _classes.Count;
            _classes.Add(one);
        }

        return $"{ClassMark}{(char)number}";
    }

    /// <summary>A group that is being read: its options, and how many groups were opened in it for the options of its rest.</summary>
    private readonly record struct OpenGroup(int Start, bool IgnoresCase, bool IsSingleLine, bool IsExtended, int Further);
}
