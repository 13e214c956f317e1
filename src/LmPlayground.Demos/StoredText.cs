using System.Text;

namespace LmPlayground.Demos;

/// <summary>What people wrote, as every database keeps it alike.</summary>
internal static class StoredText
{
    /// <summary>The most characters (UTF-16) of a title.</summary>
    internal const int MaxTitle = 200;

    /// <summary>The most characters (UTF-16) of a report.</summary>
    internal const int MaxReport = 1000;

    /// <summary>A title in one line; one that is too long is refused.</summary>
    internal static string Title(string text)
    {
        var title = Clean(text);
        return title.Length <= MaxTitle
            ? title
            : throw new DemoStoreException("demos.title_too_long", $"The title has {title.Length} characters; {MaxTitle} are the most.");
    }

    /// <summary>Whether a text is short enough for a title.</summary>
    internal static bool IsTitle(string text) => Clean(text).Length <= MaxTitle;

    /// <summary>What a visitor wrote about a demo; the end of too long a text is cut.</summary>
    internal static string Report(string text)
    {
        var report = Clean(text);
        if (report.Length > MaxReport)
            report = Clean(report[..MaxReport]);
        return report;
    }

    // PostgreSQL takes no NUL and nobody takes half a surrogate pair.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        return clean.ToString().Trim();
    }
}
