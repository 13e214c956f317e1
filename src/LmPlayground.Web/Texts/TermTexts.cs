namespace LmPlayground.Web.Texts;

/// <summary>What the words of the field mean, by term.</summary>
public sealed class TermTexts;
