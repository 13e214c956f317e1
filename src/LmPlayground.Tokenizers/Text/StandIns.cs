using System.Globalization;

namespace LmPlayground.Tokenizers.Text;

/// <summary>A character of the basic plane for each general category, to stand for those beyond it in a pattern.</summary>
internal static class StandIns
{
    // Rare characters, so that no pattern names one of them.
    private const char Han = '\u3402';

    public static char For(int codePoint)
    {
        if (codePoint is >= 0x20000 and <= 0x3FFFD && CharUnicodeInfo.GetUnicodeCategory(codePoint) == UnicodeCategory.OtherLetter)
            return Han;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter => '\uA722',
            UnicodeCategory.LowercaseLetter => '\uA723',
            UnicodeCategory.TitlecaseLetter => '\u1F88',
            UnicodeCategory.ModifierLetter => '\uA717',
            UnicodeCategory.OtherLetter => '\uA66E',
            UnicodeCategory.NonSpacingMark => '\uA66F',
            UnicodeCategory.SpacingCombiningMark => '\uA823',
            UnicodeCategory.EnclosingMark => '\uA670',
            UnicodeCategory.DecimalDigitNumber => '\uA8D0',
            UnicodeCategory.LetterNumber => '\uA6E6',
            UnicodeCategory.OtherNumber => '\uA830',
            UnicodeCategory.Format => '\uFFF9',
            UnicodeCategory.PrivateUse => '\uF8FE',
            UnicodeCategory.ConnectorPunctuation => '\uFE33',
            UnicodeCategory.DashPunctuation => '\uFE31',
            UnicodeCategory.OpenPunctuation => '\uFE17',
            UnicodeCategory.ClosePunctuation => '\uFE18',
            UnicodeCategory.InitialQuotePunctuation => '\u2E02',
            UnicodeCategory.FinalQuotePunctuation => '\u2E03',
            UnicodeCategory.OtherPunctuation => '\uA6F2',
            UnicodeCategory.MathSymbol => '\uFB29',
            UnicodeCategory.CurrencySymbol => '\uA838',
            UnicodeCategory.ModifierSymbol => '\uA700',
            UnicodeCategory.OtherSymbol => '\uA490',
            _ => '\uFDD0',
        };
    }
}
