namespace LmPlayground.Web.Texts;

/// <summary>The words of the frame around the pages: header, menu of models, theme, reconnecting.</summary>
public sealed class LayoutTexts;
