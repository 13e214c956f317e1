using LmPlayground.Tokenizers.Decoders;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.PreTokenizers;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads <c>decoder</c>.</summary>
internal static class DecoderReader
{
    public static TokenDecoder Read(JsonSource source) => source.Type() switch
    {
        "ByteLevel" => new ByteLevelDecoder(),
        "WordPiece" => new WordPieceDecoder(source.Text("prefix") ?? "##", source.Flag("cleanup", true)),
        "BPEDecoder" => new BpeDecoder(source.Text("suffix") ?? "</w>"),
        "Sequence" => ReadSequence([.. source.Required("decoders").Items()]),
        _ => ReadAny([source]),
    };

    private static TokenDecoder ReadSequence(JsonSource[] steps)
    {
        if (steps.Length == 1)
            return Read(steps[0]);
        return ReadAny([.. steps.SelectMany(Flat)]);
    }

    private static TokenDecoder ReadAny(IReadOnlyList<JsonSource> steps) => TryReadSteps(steps) ?? (TokenDecoder)DecoderChainReader.Read(steps);

    private static IEnumerable<JsonSource> Flat(JsonSource step) =>
        step.Type() == "Sequence" ? step.Required("decoders").Items().SelectMany(Flat) : [step];

    /// <summary>
    /// What most tokenizers have: what rewrites tokens one by one, then byte fallback, then fusing, then stripping in front of the whole. Null for
    /// anything else.
    /// </summary>
    private static StepwiseDecoder? TryReadSteps(IReadOnlyList<JsonSource> sources)
    {
        var steps = new List<TokenRewrite>();
        var (bytes, fused, strip, count) = (false, false, ' ', 0);
        foreach (var source in sources)
        {
            switch (source.Type())
            {
                case "Replace" when !bytes && !fused:
                    steps.Add(TokenRewrites.Replace(PatternReader.Read(source.Required("pattern")), source.Required("content").AsString()));
                    break;
                case "Metaspace" when !bytes && !fused:
                    steps.Add(TokenRewrites.Metaspace(PreTokenizerReader.Replacement(source), DropsFirst(source)));
                    break;
                case "Strip" when !bytes && !fused && Stripped(source) is [var content]:
                    steps.Add(TokenRewrites.Strip(content, Count(source, "start"), Count(source, "stop")));
                    break;
                case "ByteFallback" when !bytes && !fused:
                    bytes = true;
                    break;
                case "Fuse":
                    fused = true;
                    break;
                case "Strip" when fused && count == 0 && Count(source, "stop") == 0 && Stripped(source) is [< '\u0080' and var content]:
                    (strip, count) = (content, Count(source, "start"));
                    break;
                default:
                    return null;
            }
        }

        return new StepwiseDecoder(steps, bytes, strip, count);
    }

    /// <summary>Whether the marks of the first token go.</summary>
    public static bool DropsFirst(JsonSource source) => PreTokenizerReader.Scheme(source) != PrependScheme.Never;

    /// <summary>The one character that a Strip drops.</summary>
    public static string Stripped(JsonSource source)
    {
        var content = source.Required("content").AsString();
        return content.EnumerateRunes().Count() == 1 ? content : throw source.Wrong("\"content\" must be one character");
    }

    public static int Count(JsonSource source, string name) => source.Integer(name, least: 0) ?? throw source.Wrong($"\"{name}\" is missing");
}
