using System.Buffers;
using System.Text;

namespace LmPlayground.Tokenizers.Text;

/// <summary>Oniguruma's regular expressions to .NET's, as far as tokenizers use them.</summary>
/// <remarks>
/// Possessive quantifiers become atomic groups, <c>\h</c> becomes its class, the scripts of East Asia become ranges.
/// What .NET cannot say is refused rather than read otherwise.
/// </remarks>
internal static class PatternTranslator
{
    private static readonly SearchValues<char> IntervalCharacters = SearchValues.Create("0123456789,");

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["Han"] = "\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9",
        ["Hiragana"] = "\u3041-\u3096\u309D-\u309F",
        ["Katakana"] = "\u30A1-\u30FA\u30FD-\u30FF\u31F0-\u31FF\u32D0-\u32FE\u3300-\u3357\uFF66-\uFF6F\uFF71-\uFF9D",
        ["Hangul"] = "\u1100-\u11FF\u302E-\u302F\u3131-\u318E\u3200-\u321E\u3260-\u327E\uA960-\uA97C\uAC00-\uD7A3\uD7B0-\uD7C6\uD7CB-\uD7FB\uFFA0-\uFFBE\uFFC2-\uFFC7\uFFCA-\uFFCF\uFFD2-\uFFD7\uFFDA-\uFFDC",
    };

    public static string ToDotNet(string pattern)
    {
        var output = new StringBuilder(pattern.Length + 16);
        var groups = new Stack<(int Start, bool IgnoresCase)>();
        var ignoresCase = false;
        var atom = 0;
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            if (char.IsSurrogate(c))
                throw new ArgumentException($"'{pattern}' names characters beyond the basic plane, which is not supported.");
            switch (c)
            {
                case '\\':
                    atom = output.Length;
                    i = Escape(pattern, i, output, inClass: false);
                    break;
                case '[':
                    atom = output.Length;
                    i = Class(pattern, i, output, ignoresCase);
                    break;
                case '(':
                    groups.Push((output.Length, ignoresCase));
                    output.Append(c);
                    i = GroupOptions(pattern, i + 1, output, ref ignoresCase);
                    break;
                case ')':
                    (atom, ignoresCase) = groups.TryPop(out (int, bool) opened) ? opened : (output.Length, false);
                    output.Append(c);
                    i++;
                    break;
                case '?' or '*' or '+':
                    i = Quantifier(pattern, i, 1, atom, output);
                    break;
                case '{' when pattern.IndexOf('}', i) is int close and > 0 && IsInterval(pattern.AsSpan(i + 1, close - i - 1)):
                    i = Quantifier(pattern, i, close + 1 - i, atom, output);
                    break;
                default:
                    // The long s is an s to Oniguruma where case is ignored, but not to .NET.
                    atom = output.Length;
                    output.Append(ignoresCase && c is 's' or 'S' ? "[sS\u017F]" : c.ToString());
                    i++;
                    break;
            }
        }

        return output.ToString();
    }

    /// <summary>What stands between a group's parenthesis and its content; Ruby's option m is .NET's s.</summary>
    private static int GroupOptions(string pattern, int at, StringBuilder output, ref bool ignoresCase)
    {
        if (at >= pattern.Length || pattern[at] != '?')
            return at;
        var end = at + 1;
        while (end < pattern.Length && pattern[end] is 'i' or 'm' or 'x' or '-')
            end++;
        var options = pattern[(at + 1)..end];
        if (end < pattern.Length && pattern[end] == ')' && options.Length > 0)
            throw new ArgumentException($"'{pattern}' sets options for the rest of a group, which is not supported: write (?i:...).");
        if (end < pattern.Length && pattern[end] == ':')
        {
            output.Append('?').Append(options.Replace('m', 's')).Append(':');
            var minus = options.IndexOf('-', StringComparison.Ordinal);
            if (options.Contains('i', StringComparison.Ordinal))
                ignoresCase = minus < 0 || options.IndexOf('i', StringComparison.Ordinal) < minus;
            return end + 1;
        }

        // A look-around, an atomic group or a name: nothing in it is a literal.
        var named = end + 1 < pattern.Length && pattern[end] == '<' && pattern[end + 1] is not ('=' or '!');
        var stop = named ? pattern.IndexOf('>', end) + 1 : end + 1;
        if (stop <= at || stop > pattern.Length)
            throw new ArgumentException($"'{pattern}' has a group that is not closed.");
        output.Append(pattern, at, stop - at);
        return stop;
    }

    /// <summary>A quantifier with what follows it: a question mark makes it lazy, a plus possessive; after an interval a plus is a second quantifier.</summary>
    private static int Quantifier(string pattern, int at, int length, int atom, StringBuilder output)
    {
        var isInterval = pattern[at] == '{';
        output.Append(pattern, at, length);
        at += length;
        if (at == pattern.Length || pattern[at] is not ('?' or '+'))
            return at;
        if (pattern[at] == '?')
            output.Append('?');
        else
            output.Insert(atom, isInterval ? "(?:" : "(?>").Append(isInterval ? ")+" : ")");
        return at + 1;
    }

    private static bool IsInterval(ReadOnlySpan<char> inner) =>
        inner.Length > 0 && !inner.ContainsAnyExcept(IntervalCharacters) && char.IsAsciiDigit(inner[0]);

    private static int Escape(string pattern, int at, StringBuilder output, bool inClass)
    {
        if (at + 1 >= pattern.Length)
            throw new ArgumentException($"'{pattern}' ends in a backslash.");
        var c = pattern[at + 1];
        if (c == 'h')
        {
            output.Append(inClass ? "0-9a-fA-F" : "[0-9a-fA-F]");
            return at + 2;
        }

        if (c is 'w' or 'W')
        {
            if (inClass && c == 'W')
                throw new ArgumentException("\\W inside a character class is not supported.");
            output.Append(inClass ? WordCharacters.Class : c == 'w' ? $"[{WordCharacters.Class}]" : $"[^{WordCharacters.Class}]");
            return at + 2;
        }

        if (c is 'p' or 'P' && at + 2 < pattern.Length && pattern[at + 2] == '{' && pattern.IndexOf('}', at) is int close and > 0)
        {
            var name = pattern[(at + 3)..close];
            if (Scripts.TryGetValue(name, out var ranges))
            {
                if (inClass && c == 'P')
                    throw new ArgumentException($"\\P{{{name}}} inside a character class is not supported.");
                output.Append(inClass ? ranges : c == 'p' ? $"[{ranges}]" : $"[^{ranges}]");
            }
            else
            {
                output.Append(pattern, at, close + 1 - at);
            }

            return close + 1;
        }

        output.Append('\\').Append(c);
        return at + 2;
    }

    private static int Class(string pattern, int at, StringBuilder output, bool ignoresCase)
    {
        output.Append('[');
        var i = at + 1;
        if (i < pattern.Length && pattern[i] == '^')
        {
            output.Append('^');
            i++;
        }

        var inner = 0;
        for (var first = true; i < pattern.Length; first = false)
        {
            var c = pattern[i];
            if (c == ']' && inner > 0)
            {
                inner--;
                i++;
                continue;
            }

            if (c == ']' && !first)
            {
                output.Append(']');
                return i + 1;
            }

            var next = i + 1 < pattern.Length ? pattern[i + 1] : '\0';
            if ((c == '[' && next is '^' or ':' or ']') || (c == '&' && next == '&'))
                throw new ArgumentException($"'{pattern}' combines classes in a way that is not supported.");

            // A class inside a class adds its characters.
            if (c == '[')
            {
                inner++;
                i++;
                continue;
            }

            if (char.IsSurrogate(c))
                throw new ArgumentException($"'{pattern}' names characters beyond the basic plane, which is not supported.");
            if (c == '\\')
            {
                i = Escape(pattern, i, output, inClass: true);
            }
            else
            {
                output.Append(c);
                if (ignoresCase && c is 's' or 'S' && pattern[i - 1] != '-' && i + 1 < pattern.Length && pattern[i + 1] != '-')
                    output.Append('\u017F');
                i++;
            }
        }

        throw new ArgumentException($"'{pattern}' has a class that is not closed.");
    }
}
