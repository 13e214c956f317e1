using LmPlayground.Runs.Messages;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Texts;

/// <summary>What the pages' models say.</summary>
/// <param name="words">Their own sentences.</param>
/// <param name="library">What the libraries say.</param>
public sealed class PageWords(IStringLocalizer<StateTexts> words, LibraryWords library)
{
    /// <summary>The names and the help of what the libraries declare.</summary>
    public LibraryWords Library => library;

    /// <summary>A sentence.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What it names.</param>
    public string this[string name, params object[] arguments] => words[name, arguments];

    /// <summary>A sentence that differs with a number.</summary>
    /// <param name="name">Its name without its ending.</param>
    /// <param name="count">The number that decides.</param>
    /// <param name="arguments">What it names, the number as it is written among them.</param>
    public string Plural(string name, long count, params object[] arguments) => words.Plural(name, count, arguments);

    /// <summary>A message of a library.</summary>
    public string Of(Message message) => library.Of(message);
}
