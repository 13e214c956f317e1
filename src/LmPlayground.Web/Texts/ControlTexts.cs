namespace LmPlayground.Web.Texts;

/// <summary>The words of the controls that several panels use.</summary>
public sealed class ControlTexts;
