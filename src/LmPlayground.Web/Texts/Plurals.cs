using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Texts;

/// <summary>Texts that differ with a number: "1 token", "2 tokens".</summary>
internal static class Plurals
{
    /// <summary>The text for a number: NAME.one for 1 where a language has it, NAME.other for all else.</summary>
    /// <param name="words">Where the texts are.</param>
    /// <param name="name">The text's name without its ending.</param>
    /// <param name="count">The number that decides.</param>
    /// <param name="arguments">What the text names, the number as it is written among them.</param>
    /// <remarks>Enough for English and for languages without a plural; one with more forms needs the rules of Unicode's CLDR here.</remarks>
    internal static string Plural(this IStringLocalizer words, string name, long count, params object[] arguments) =>
        count == 1 && words[$"{name}.one", arguments] is { ResourceNotFound: false } one ? one : words[$"{name}.other", arguments];
}
