using LmPlayground.Models.Tokenization.PreTokenizers;

namespace LmPlayground.Models.Tokenization.Reading;

/// <summary>Reads <c>pre_tokenizer</c>.</summary>
internal static class PreTokenizerReader
{
    /// <summary>The pre-tokenizer, and whether it leads to a byte-level model.</summary>
    public static (PreTokenizer? PreTokenizer, bool IsByteLevel) Read(JsonSource? source)
    {
        bool isByteLevel = false;
        return (source is { } s ? Read(s, ref isByteLevel) : null, isByteLevel);
    }

    private static PreTokenizer Read(JsonSource source, ref bool isByteLevel)
    {
        string type = source.Type();
        if (isByteLevel)
            throw source.Wrong($"{type} after ByteLevel is not supported: ByteLevel must be the last pre-tokenizer");
        switch (type)
        {
            case "Sequence":
                var steps = new List<PreTokenizer>();
                foreach (JsonSource step in source.Required("pretokenizers").Items())
                    steps.Add(Read(step, ref isByteLevel));
                return new PreTokenizerSequence(steps);
            case "ByteLevel":
                isByteLevel = true;
                return new ByteLevelPreTokenizer(source.Flag("add_prefix_space", true), source.Flag("use_regex", true));
            case "Split":
                return new SplitPreTokenizer(PatternReader.Read(source.Required("pattern")), Behavior(source.Required("behavior")), source.Flag("invert"));
            case "Digits":
                return new DigitsPreTokenizer(source.Flag("individual_digits"));
            case "Punctuation" when source.Optional("behavior") is not { } behavior || behavior.AsString() == "Isolated":
                return new PunctuationPreTokenizer();
            case "Whitespace":
                return new SplitPreTokenizer(TextPattern.Expression(@"\w+|[^\w\s]+"), SplitBehavior.Removed, invert: true);
            case "WhitespaceSplit":
                return new WhitespaceSplitPreTokenizer();
            case "BertPreTokenizer":
                return new BertPreTokenizer();
            case "Metaspace":
                return new MetaspacePreTokenizer(Replacement(source), Scheme(source), source.Flag("split", true));
            default:
                throw source.Wrong($"pre-tokenizer type {type} with these settings is not supported yet");
        }
    }

    public static char Replacement(JsonSource source)
    {
        string text = source.Optional("replacement")?.AsString() ?? "▁";
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
