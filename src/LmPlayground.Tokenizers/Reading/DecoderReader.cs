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
        _ => ReadSteps([source]),
    };

    private static TokenDecoder ReadSequence(JsonSource[] steps) =>
        steps.Length == 1 ? Read(steps[0]) : ReadSteps([.. steps.SelectMany(Flat)]);

    private static IEnumerable<JsonSource> Flat(JsonSource step) =>
        step.Type() == "Sequence" ? step.Required("decoders").Items().SelectMany(Flat) : [step];

    /// <summary>What rewrites tokens one by one, then byte fallback, then fusing, then stripping in front of the whole.</summary>
    private static StepwiseDecoder ReadSteps(IReadOnlyList<JsonSource> sources)
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
                    steps.Add(TokenRewrites.Metaspace(PreTokenizerReader.Replacement(source), PreTokenizerReader.Scheme(source) != PrependScheme.Never));
                    break;
                case "Strip" when !bytes && !fused:
                    steps.Add(TokenRewrites.Strip(Stripped(source), Count(source, "start"), Count(source, "stop")));
                    break;
                case "ByteFallback" when !bytes && !fused:
                    bytes = true;
                    break;
                case "Fuse":
                    fused = true;
                    break;
                case "Strip" when fused && count == 0 && Count(source, "stop") == 0 && char.IsAscii(Stripped(source)):
                    (strip, count) = (Stripped(source), Count(source, "start"));
                    break;
                case "CTC":
                    throw source.Wrong("decoder type CTC is for speech, not for language models, and is not supported");
                default:
                    throw source.Wrong($"decoder type {source.Type()} at this place is not supported");
            }
        }

        return new StepwiseDecoder(steps, bytes, strip, count);
    }

    private static char Stripped(JsonSource source)
    {
        var content = source.Required("content").AsString();
        return content.Length == 1 ? content[0] : throw source.Wrong("\"content\" must be one character");
    }

    private static int Count(JsonSource source, string name) => source.Integer(name, least: 0) ?? throw source.Wrong($"\"{name}\" is missing");
}
