namespace LmPlayground.Web.Texts;

/// <summary>The sentences that the pages' models make: notices, what-if, speech, titles.</summary>
public sealed class StateTexts;
