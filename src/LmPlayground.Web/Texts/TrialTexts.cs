namespace LmPlayground.Web.Texts;

/// <summary>The words of what can be done with a shared demo: other settings tried on it, its branches, and the ways there.</summary>
public sealed class TrialTexts;
