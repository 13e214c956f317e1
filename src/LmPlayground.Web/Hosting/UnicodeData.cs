using System.Text;

namespace LmPlayground.Web.Hosting;

/// <summary>
/// Whether .NET has the data of Unicode. In its invariant mode, which small containers turn on, it normalizes and folds without them and says
/// nothing: tokenizers would give other tokens than their models were trained on.
/// </summary>
internal static class UnicodeData
{
    /// <summary>Why the program must not start, in one line with the remedy; null where all is well.</summary>
    internal static string? Fault => IsThere(text => text.Normalize(NormalizationForm.FormKD)) ? null :
        "The data of Unicode are missing (.NET runs in its invariant mode), and tokenizers would silently give other tokens: install ICU (the package is "
        + "called libicu or icu-libs) and set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0.";

    /// <summary>Whether a normalizer takes apart an accent, a Hangul syllable and a ligature. What was asked is what decides, not a name of a setting.</summary>
    internal static bool IsThere(Func<string, string> normalize) =>
        normalize("\u00E9") == "e\u0301" && normalize("\uD55C") == "\u1112\u1161\u11AB" && normalize("\uFB01") == "fi";
}
