namespace LmPlayground.Web.Texts;

/// <summary>The words of the pages themselves.</summary>
public sealed class PageTexts;
