using System.Globalization;
using System.Text;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>A stranger's text as it may stand on a page: what would hide, turn around or colour what stands beside it is shown by its name.</summary>
internal static class Unmasked
{
    /// <summary>The text with signs for the controls of terminals, and names for those of the direction of writing.</summary>
    internal static string Of(string text)
    {
        if (!text.AsSpan().ContainsAny(Hidden))
            return text;
        var seen = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (character is '\n' or '\t' || !Hidden.Contains(character))
                seen.Append(character);
            else if (character < ' ')
                seen.Append((char)('\u2400' + character));
            else
                seen.Append(CultureInfo.InvariantCulture, $"⟨U+{(int)character:X4}⟩");
        }

        return seen.ToString();
    }

    /// <summary>The same in one line of at most so many characters, never with half a character at its end.</summary>
    internal static string Line(string text, int most)
    {
        var line = Of(text).ReplaceLineEndings(" ").Replace('\t', ' ').Trim();
        if (line.Length <= most)
            return line;
        var end = char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1;
        return line[..end] + "…";
    }

    /// <summary>C0 without line ends and tabs, DEL and C1, and the marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm.</summary>
    private static readonly System.Buffers.SearchValues<char> Hidden = System.Buffers.SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xA0).Where(code => code is < 0x20 or >= 0x7F && code is not ('\n' or '\t')).Select(code => (char)code),
        '\u061C', '\u200E', '\u200F', '\u2028', '\u2029', .. Enumerable.Range(0x202A, 5).Select(code => (char)code), .. Enumerable.Range(0x2066, 4).Select(code => (char)code),
    ]);
}
