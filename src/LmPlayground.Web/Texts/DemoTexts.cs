namespace LmPlayground.Web.Texts;

/// <summary>The words of a shared demo's page.</summary>
public sealed class DemoTexts;
