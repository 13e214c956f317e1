using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>A number as people type it into a box: with a comma or a point, with groups of three digits, in the digits of any script.</summary>
public static partial class TypedNumber
{
    private const char Space = ' ';

    /// <summary>The number as an address has it: "0,95" is 0.95, "4 096" is 4096. What is no number stays as it was typed.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="isWhole">Whether the number is a whole one: a comma before three digits then stands between thousands.</param>
    public static string Plain(string typed, bool isWhole)
    {
        var text = InAscii(typed).Trim();
        if (Grouped().Match(text) is { Success: true } grouped && IsSure(grouped, isWhole))
            text = text.Replace(grouped.Groups["group"].Value, "", StringComparison.Ordinal);
        text = text.Replace(',', '.');
        return Number().IsMatch(text) ? text : typed;
    }

    // "1,024" alone could be either: no whole number has a comma, and no other number of a setting has thousands.
    private static bool IsSure(Match grouped, bool isWhole) =>
        grouped.Groups["group"].Value[0] is Space or '\''
        || grouped.Groups["group"].Captures.Count + grouped.Groups["more"].Captures.Count > 1
        || grouped.Groups["point"].Success
        || (isWhole && grouped.Groups["group"].Value == ",");

    private static string InAscii(string typed)
    {
        var ascii = new StringBuilder(typed.Length);
        foreach (var rune in typed.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
                ascii.Append((int)Rune.GetNumericValue(rune));
            else if (Rune.IsWhiteSpace(rune))
                ascii.Append(Space);
            else
                ascii.Append(SignOf(rune));
        }

        return ascii.ToString();
    }

    private static string SignOf(Rune rune) => rune.Value switch
    {
        // Full-width and ideographic signs, the Arabic ones, the typographer's minus and apostrophe.
        '．' or '。' or '｡' or '٫' => ".",
        '，' or '、' or '٬' => ",",
        '－' or '−' or '–' => "-",
        '＋' => "+",
        '’' => "'",
        'ｅ' or 'Ｅ' => "e",
        _ => rune.ToString(),
    };

    [GeneratedRegex(@"^[+-]?\d{1,3}(?<group>[ ',.])\d{3}((?<more>\k<group>)\d{3})*((?<point>[,.])(?<!\k<group>)\d*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
