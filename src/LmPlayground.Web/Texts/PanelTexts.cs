namespace LmPlayground.Web.Texts;

/// <summary>The words of the playground's panels: text, token, sampler and what stands below them.</summary>
public sealed class PanelTexts;
