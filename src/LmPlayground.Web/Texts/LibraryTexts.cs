namespace LmPlayground.Web.Texts;

/// <summary>What the libraries say, by their codes: the template for other languages. English is what the libraries say themselves.</summary>
public sealed class LibraryTexts;
