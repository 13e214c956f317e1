namespace LmPlayground.Web.Components.Viewing;

/// <summary>Why a visitor reports a demo: the names that the store keeps; texts have them as "Reason.personal".</summary>
public static class ReportReasons
{
    /// <summary>The name of the choice in the form.</summary>
    public const string Field = "reason";

    /// <summary>The name of the text in the form.</summary>
    public const string TextField = "text";

    /// <summary>The most characters that one may write.</summary>
    public const int MaxText = 500;

    /// <summary>The reasons, in the order of the form.</summary>
    public static readonly IReadOnlyList<string> All = ["personal", "hateful", "illegal", "deceptive", "other"];

    /// <summary>What is kept of a report: the reason, and what was written.</summary>
    public static string Join(string reason, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var written = text.Trim();
        return written.Length == 0 ? reason : $"{reason}: {(written.Length > MaxText ? written[..MaxText] : written)}";
    }
}
