namespace LmPlayground.Web.Texts;

/// <summary>The words of the page that runs a shared demo again.</summary>
public sealed class ReplayTexts;
