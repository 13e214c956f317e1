using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>Text as people type and read it on one line: a new line is <c>\n</c>, a tab <c>\t</c>, a backslash <c>\\</c>.</summary>
public static class EscapedText
{
    /// <summary>The text on one line; every control character and lone surrogate is visible.</summary>
    public static string Escape(string text)
    {
        var line = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]))
                line.Append(c).Append(text[++i]);
            else
                line.Append(c switch
                {
                    '\n' => @"\n",
                    '\r' => @"\r",
                    '\t' => @"\t",
                    '\\' => @"\\",
                    _ when char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' =>
                        string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    _ => c.ToString(),
                });
        }

        return line.ToString();
    }

    /// <summary>Reads what <see cref="Escape"/> writes, and <c>\0</c> and <c>\xHH</c> too.</summary>
    /// <param name="line">What was typed.</param>
    /// <param name="text">The text.</param>
    /// <param name="error">What is wrong with it, in words, or null.</param>
    public static bool TryUnescape(string line, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        var result = new StringBuilder(line.Length);
        text = error = null;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\')
            {
                result.Append(line[i]);
                continue;
            }

            if (!TryReadEscape(line.AsSpan(i + 1), out var c, out var length))
            {
                error = $"'{line.AsSpan(i, Math.Min(2, line.Length - i))}' is no escape: \\n, \\t, \\r, \\0, \\xHH, \\uHHHH and \\\\ are.";
                return false;
            }

            result.Append(c);
            i += length;
        }

        text = result.ToString();
        return true;
    }

    private static bool TryReadEscape(ReadOnlySpan<char> rest, out char value, out int length)
    {
        (value, length) = rest is [] ? ('\0', 0) : rest[0] switch
        {
            'n' => ('\n', 1),
            'r' => ('\r', 1),
            't' => ('\t', 1),
            '0' => ('\0', 1),
            '\\' => ('\\', 1),
            'x' => ('\0', 3),
            'u' => ('\0', 5),
            _ => ('\0', 0),
        };
        if (length <= 1)
            return length == 1;
        if (rest.Length < length || !ushort.TryParse(rest[1..length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            return false;
        value = (char)code;
        return true;
    }
}
