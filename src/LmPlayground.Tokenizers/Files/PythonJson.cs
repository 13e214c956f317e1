namespace LmPlayground.Tokenizers.Files;

/// <summary>
/// Python's <c>json</c> writes numbers that are not finite as the bare words <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which no JSON
/// parser elsewhere reads.
/// </summary>
internal static class PythonJson
{
    private static readonly byte[][] Words = ["NaN"u8.ToArray(), "-Infinity"u8.ToArray(), "Infinity"u8.ToArray()];

    /// <summary>The same JSON with an empty object for each such word, or null where there is none.</summary>
    /// <remarks>
    /// An empty object is as short as the shortest of the words, so that every byte keeps its place and errors stay true; and it is
    /// refused wherever a number is asked for.
    /// </remarks>
    public static byte[]? WithoutBareWords(ReadOnlySpan<byte> utf8)
    {
        byte[]? changed = null;
        var inString = false;
        for (var at = 0; at < utf8.Length; at++)
        {
            if (utf8[at] == '"')
            {
                inString = !inString;
            }
            else if (inString)
            {
                // What is escaped ends no string.
                if (utf8[at] == '\\')
                    at++;
            }
            else if (WordAt(utf8, at) is var length and > 0)
            {
                changed ??= utf8.ToArray();
                var place = changed.AsSpan(at, length);
                place.Fill((byte)' ');
                "{}"u8.CopyTo(place);
                at += length - 1;
            }
        }

        return changed;
    }

    /// <summary>How long the word is that stands at <paramref name="at"/>; 0 where none does.</summary>
    private static int WordAt(ReadOnlySpan<byte> utf8, int at)
    {
        if (at > 0 && IsPartOfWord(utf8[at - 1]))
            return 0;
        foreach (var word in Words)
        {
            if (utf8[at..].StartsWith(word) && (at + word.Length == utf8.Length || !IsPartOfWord(utf8[at + word.Length])))
                return word.Length;
        }

        return 0;
    }

    private static bool IsPartOfWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'+' or (byte)'.' or (byte)'_' or >= 0x80;
}
