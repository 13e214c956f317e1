namespace LmPlayground.Web.Texts;

/// <summary>The words with which a visitor reports a shared demo.</summary>
public sealed class ReportTexts;
