namespace LmPlayground.Web.Texts;

/// <summary>The words of a page that opens a demo in the browser: what stands in its address, or what is encrypted.</summary>
public sealed class OpenTexts;
