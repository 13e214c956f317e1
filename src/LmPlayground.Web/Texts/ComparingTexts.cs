namespace LmPlayground.Web.Texts;

/// <summary>The words of the columns of a comparison, their metrics and scores.</summary>
public sealed class ComparingTexts;
