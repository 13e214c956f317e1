using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.PreTokenizers;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads <c>pre_tokenizer</c>.</summary>
internal static class PreTokenizerReader
{
    /// <summary>Reads the pre-tokenizer.</summary>
    /// <param name="source">Where it lies.</param>
    /// <param name="spells">Whether ByteLevel spells its words, because the model does not do so itself.</param>
    public static PreTokenizer Read(JsonSource source, bool spells)
    {
        var type = source.Type();
        switch (type)
        {
            case "Sequence":
                return new PreTokenizerSequence([.. source.Required("pretokenizers").Items().Select(step => Read(step, spells))]);
            case "ByteLevel":
                return new ByteLevelPreTokenizer(source.Flag("add_prefix_space", true), source.Flag("use_regex", true), spells);
            case "Split":
                return new SplitPreTokenizer(PatternReader.Read(source.Required("pattern")), Behavior(source.Required("behavior")), source.Flag("invert"));
            case "Digits":
                return new DigitsPreTokenizer(source.Flag("individual_digits"));
            case "Punctuation":
                var behavior = source.Optional("behavior") is { } stated ? Behavior(stated) : SplitBehavior.Isolated;
                return new SplitPreTokenizer(TextPattern.Characters(CharacterRuns.IsPunctuation), behavior);
            case "CharDelimiterSplit":
                return new SplitPreTokenizer(TextPattern.Literal(source.Required("delimiter").AsString()), SplitBehavior.Removed);
            case "FixedLength":
                return new FixedLengthPreTokenizer(source.Integer("length") ?? 5);
            case "Whitespace":
                return new WhitespacePreTokenizer();
            case "UnicodeScripts":
                return new UnicodeScriptsPreTokenizer();
            case "WhitespaceSplit":
                return new WhitespaceSplitPreTokenizer();
            case "BertPreTokenizer":
                return new BertPreTokenizer();
            case "Metaspace":
                return new MetaspacePreTokenizer(Replacement(source), Scheme(source), source.Flag("split", true));
            default:
                throw source.Wrong($"pre-tokenizer type {type} is not supported");
        }
    }

    /// <summary>Whether ByteLevel is the last step and no other is ByteLevel: then a byte-level model may do its spelling.</summary>
    public static bool EndsInByteLevel(JsonSource source)
    {
        if (source.Type() != "Sequence")
            return source.Type() == "ByteLevel";
        JsonSource[] steps = [.. source.Required("pretokenizers").Items()];
        return steps.Length > 0 && EndsInByteLevel(steps[^1]) && !Array.Exists(steps[..^1], HasByteLevel);
    }

    private static bool HasByteLevel(JsonSource source) =>
        source.Type() == "ByteLevel" || (source.Type() == "Sequence" && source.Required("pretokenizers").Items().Any(HasByteLevel));

    public static char Replacement(JsonSource source)
    {
        var text = source.Optional("replacement")?.AsString() ?? "▁";
        return text.Length == 1 ? text[0] : throw source.Wrong("\"replacement\" must be one character");
    }

    public static PrependScheme Scheme(JsonSource source)
    {
        if (source.Optional("prepend_scheme") is not { } scheme)
            return source.Flag("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never;
        return scheme.AsString() switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            string other => throw scheme.Wrong($"\"{other}\" is none of always, first, never"),
        };
    }

    private static SplitBehavior Behavior(JsonSource source) => source.AsString() switch
    {
        "Isolated" => SplitBehavior.Isolated,
        "Removed" => SplitBehavior.Removed,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        string other => throw source.Wrong($"\"{other}\" is none of Isolated, Removed, MergedWithPrevious, MergedWithNext, Contiguous"),
    };
}
