using System.Collections;
using System.Globalization;
using System.Resources;

namespace LmPlayground.Web.Texts;

/// <summary>What the words of the field mean, by term, and how each is written: a name, and the name with ".label".</summary>
public sealed class TermTexts
{
    private static readonly ResourceManager Texts = new(typeof(TermTexts));

    /// <summary>Every name.</summary>
    internal static IEnumerable<string> Names =>
        Texts.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>().Select(entry => (string)entry.Key);

    /// <summary>A text in the reader's language, or null.</summary>
    internal static string? Find(string name) => Texts.GetString(name, CultureInfo.CurrentUICulture);
}
