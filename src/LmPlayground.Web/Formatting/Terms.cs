using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Formatting;

/// <summary>The words of the field that the page uses: each with a short explanation, declared once (<see cref="TermTexts"/>).</summary>
internal static class Terms
{
    private const string LabelSuffix = ".label";

    /// <summary>All of them, by name.</summary>
    public static IEnumerable<string> Names => TermTexts.Names.Where(name => !name.EndsWith(LabelSuffix, StringComparison.Ordinal));

    /// <summary>What a term means, in a sentence or two.</summary>
    /// <exception cref="KeyNotFoundException">It is not declared.</exception>
    public static string Explain(string name) => TermTexts.Find(name) ?? throw new KeyNotFoundException($"The term '{name}' has no explanation: give it one.");

    /// <summary>How a term is written in the reader's language; its name where it is declared elsewhere.</summary>
    public static string Label(string name) => TermTexts.Find(name + LabelSuffix) ?? name;
}
