namespace LmPlayground.Web.Texts;

/// <summary>The words of sharing: the dialog that makes links, and the list of a browser's links.</summary>
public sealed class ShareTexts;
