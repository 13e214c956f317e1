using System.Globalization;
using System.Resources;

namespace LmPlayground.Web.Texts;

/// <summary>How numbers, sizes and times are said. Numbers are written in many places that nothing is injected into: these texts are read without.</summary>
public sealed class FormatTexts
{
    private static readonly ResourceManager Texts = new(typeof(FormatTexts));

    /// <summary>A text in the reader's language.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What it names.</param>
    internal static string Get(string name, params object[] arguments) =>
        string.Format(CultureInfo.InvariantCulture, Texts.GetString(name, CultureInfo.CurrentUICulture) ?? name, arguments);
}
