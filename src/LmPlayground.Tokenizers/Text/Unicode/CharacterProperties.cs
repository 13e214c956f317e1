using System.Collections.Concurrent;
using System.Globalization;
using static System.Globalization.UnicodeCategory;

namespace LmPlayground.Tokenizers.Text.Unicode;

/// <summary>The sets of characters that regular expressions name, as Oniguruma has them.</summary>
internal static class CharacterProperties
{
    /// <summary>General categories by their short and long names.</summary>
    private static readonly Dictionary<string, UnicodeCategory[]> Categories = new(StringComparer.Ordinal);

    private static readonly Lazy<CodePointSet[]> SetsOfCategories = new(Scan);

    private static readonly ConcurrentDictionary<string, CodePointSet?> Known = new(StringComparer.Ordinal);

    static CharacterProperties()
    {
        Add("L", "Letter", UppercaseLetter, LowercaseLetter, TitlecaseLetter, ModifierLetter, OtherLetter);
        Add("LC", "Cased_Letter", UppercaseLetter, LowercaseLetter, TitlecaseLetter);
        Add("Lu", "Uppercase_Letter", UppercaseLetter);
        Add("Ll", "Lowercase_Letter", LowercaseLetter);
        Add("Lt", "Titlecase_Letter", TitlecaseLetter);
        Add("Lm", "Modifier_Letter", ModifierLetter);
        Add("Lo", "Other_Letter", OtherLetter);
        Add("M", "Mark", NonSpacingMark, SpacingCombiningMark, EnclosingMark);
        Add("Mn", "Nonspacing_Mark", NonSpacingMark);
        Add("Mc", "Spacing_Mark", SpacingCombiningMark);
        Add("Me", "Enclosing_Mark", EnclosingMark);
        Add("N", "Number", DecimalDigitNumber, LetterNumber, OtherNumber);
        Add("Nd", "Decimal_Number", DecimalDigitNumber);
        Add("Nl", "Letter_Number", LetterNumber);
        Add("No", "Other_Number", OtherNumber);
        Add(
            "P", "Punctuation",
            ConnectorPunctuation, DashPunctuation, OpenPunctuation, ClosePunctuation, InitialQuotePunctuation, FinalQuotePunctuation, OtherPunctuation);
        Add("Pc", "Connector_Punctuation", ConnectorPunctuation);
        Add("Pd", "Dash_Punctuation", DashPunctuation);
        Add("Ps", "Open_Punctuation", OpenPunctuation);
        Add("Pe", "Close_Punctuation", ClosePunctuation);
        Add("Pi", "Initial_Punctuation", InitialQuotePunctuation);
        Add("Pf", "Final_Punctuation", FinalQuotePunctuation);
        Add("Po", "Other_Punctuation", OtherPunctuation);
        Add("S", "Symbol", MathSymbol, CurrencySymbol, ModifierSymbol, OtherSymbol);
        Add("Sm", "Math_Symbol", MathSymbol);
        Add("Sc", "Currency_Symbol", CurrencySymbol);
        Add("Sk", "Modifier_Symbol", ModifierSymbol);
        Add("So", "Other_Symbol", OtherSymbol);
        Add("Z", "Separator", SpaceSeparator, LineSeparator, ParagraphSeparator);
        Add("Zs", "Space_Separator", SpaceSeparator);
        Add("Zl", "Line_Separator", LineSeparator);
        Add("Zp", "Paragraph_Separator", ParagraphSeparator);
        Add("C", "Other", Control, Format, Surrogate, PrivateUse, OtherNotAssigned);
        Add("Cc", "Control", Control);
        Add("Cf", "Format", Format);
        Add("Cs", "Surrogate", Surrogate);
        Add("Co", "Private_Use", PrivateUse);
        Add("Cn", "Unassigned", OtherNotAssigned);
    }

    /// <summary>White space: .NET's class of it is the same.</summary>
    public static CodePointSet Space => Set("space");

    /// <summary>Decimal digits.</summary>
    public static CodePointSet Digit => Set("nd");

    /// <summary>Letters, marks, digits and what joins them.</summary>
    public static CodePointSet Word => Set("word");

    /// <summary>The hexadecimal digits.</summary>
    public static CodePointSet HexDigit => Set("xdigit");

    /// <summary>The set of a property, category, script or block, or of a POSIX bracket; null for an unknown name.</summary>
    public static CodePointSet? Find(string name) => Known.GetOrAdd(UnicodeTable.Loose(name), Make);

    /// <summary>The name by which .NET knows a general category, or null for anything else.</summary>
    public static string? CategoryOf(string name)
    {
        var loose = UnicodeTable.Loose(name);
        if (!Categories.TryGetValue(loose, out var categories) || loose is "lc" or "casedletter")
            return null;
        return Categories.First(pair => pair.Value == categories).Key is [var major, .. var minor] ? char.ToUpperInvariant(major) + minor : null;
    }

    /// <summary>The set of a POSIX bracket such as <c>[:alpha:]</c>, or null for an unknown name.</summary>
    public static CodePointSet? FindPosix(string name) =>
        name is "alnum" or "alpha" or "ascii" or "blank" or "cntrl" or "digit" or "graph" or "lower" or "print" or "punct" or "space" or "upper" or "xdigit" or "word"
            ? Find(name) : null;

    private static void Add(string name, string full, params UnicodeCategory[] categories)
    {
        Categories[UnicodeTable.Loose(name)] = categories;
        Categories[UnicodeTable.Loose(full)] = categories;
    }

    private static CodePointSet Set(string name) => Find(name) ?? throw new InvalidOperationException($"There is no property {name}.");

    private static CodePointSet? Make(string name)
    {
        if (name.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
        {
            var value = name[(equals + 1)..];
            return name[..equals] switch
            {
                "script" or "sc" => UnicodeTable.Find("script", value),
                "scriptextensions" or "scx" => WithShared(value),
                "generalcategory" or "gc" => Categories.ContainsKey(value) ? Make(value) : null,
                "block" or "blk" => UnicodeTable.Find("block", value),
                _ => null,
            };
        }

        if (Categories.TryGetValue(name, out var categories))
            return categories.Aggregate(CodePointSet.Empty, (set, category) => set.Union(SetsOfCategories.Value[(int)category]));
        return name switch
        {
            "any" => CodePointSet.Range(0, CodePointSet.End - 1),
            "assigned" => Set("cn").Complement(),
            "ascii" => CodePointSet.Range(0, 0x7F),
            "alpha" or "alphabetic" => Set("l").Union(Set("nl")).Union(Table("Other_Alphabetic")),
            "alnum" => Set("alpha").Union(Set("nd")),
            "blank" => Set("zs").Union(CodePointSet.Range('\t', '\t')),
            "cntrl" => Set("cc"),
            "digit" => Set("nd"),
            "graph" => Set("space").Union(Set("cc")).Union(Set("cn")).Union(Set("cs")).Complement(),
            "lower" or "lowercase" => Set("ll").Union(Table("Other_Lowercase")),
            "print" => Set("graph").Union(Set("zs")),
            "punct" => Set("p"),
            "space" or "whitespace" => Set("z").Union(CodePointSet.Of([('\t', '\r'), (0x85, 0x85)])),
            "upper" or "uppercase" => Set("lu").Union(Table("Other_Uppercase")),
            "xdigit" or "asciihexdigit" => CodePointSet.Of([('0', '9'), ('A', 'F'), ('a', 'f')]),
            "word" => Set("alpha").Union(Set("m")).Union(Set("nd")).Union(Set("pc")),
            "unknown" or "zzzz" => UnicodeTable.Scripted.Complement(),
            _ => UnicodeTable.Find("script", name)
                ?? (name.StartsWith("other", StringComparison.Ordinal) ? null : UnicodeTable.Find("property", name))
                ?? (name.StartsWith("in", StringComparison.Ordinal) ? UnicodeTable.Find("block", name[2..]) : null),
        };
    }

    private static CodePointSet Table(string name) => UnicodeTable.Find("property", name)!;

    /// <summary>A script with what it shares, without what others share and count as its own.</summary>
    private static CodePointSet? WithShared(string name)
    {
        if (UnicodeTable.Find("script", name) is not { } own)
            return null;
        var shared = UnicodeTable.ScriptOf(own.Borders[0]) is { } first ? UnicodeTable.Find("shared", first) : null;
        return own.Except(UnicodeTable.Shared).Union(shared ?? CodePointSet.Empty);
    }

    private static CodePointSet[] Scan()
    {
        var ranges = Enumerable.Range(0, (int)OtherNotAssigned + 1).Select(_ => new List<(int First, int Last)>()).ToArray();
        for (int at = 0, start = 0; at < CodePointSet.End; start = at)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(start);
            while (at < CodePointSet.End && CharUnicodeInfo.GetUnicodeCategory(at) == category)
                at++;
            ranges[(int)category].Add((start, at - 1));
        }

        return [.. ranges.Select(CodePointSet.Of)];
    }
}
