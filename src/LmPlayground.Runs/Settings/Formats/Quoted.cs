namespace LmPlayground.Runs.Settings.Formats;

/// <summary>Text of a stranger's as a message quotes it.</summary>
public static class Quoted
{
    /// <summary>The most characters that are quoted; what is longer ends with an ellipsis.</summary>
    public const int Most = 200;

    /// <summary>The text on one line, with every control character visible, at most <see cref="Most"/> characters of it.</summary>
    public static string Text(string text)
    {
        var line = EscapedText.Escape(text.Length > Most ? text[..Most] : text);
        if (text.Length <= Most && line.Length <= Most)
            return line;
        var end = Math.Min(line.Length, Most - 1);
        return line[..(char.IsHighSurrogate(line[end - 1]) ? end - 1 : end)] + "…";
    }
}
