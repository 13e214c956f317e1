using LmPlayground.Models.Tokenization.Decoders;
using LmPlayground.Models.Tokenization.PreTokenizers;

namespace LmPlayground.Models.Tokenization.Reading;

/// <summary>Reads <c>decoder</c>.</summary>
internal static class DecoderReader
{
    public static TokenDecoder Read(JsonSource source) => source.Type() switch
    {
        "ByteLevel" => new ByteLevelDecoder(),
        "Fuse" => new PlainDecoder(spaced: false),
        "Metaspace" => new MetaspaceDecoder(PreTokenizerReader.Replacement(source), PreTokenizerReader.Scheme(source) != PrependScheme.Never),
        "WordPiece" => new WordPieceDecoder(source.Optional("prefix")?.AsString() ?? "##", source.Flag("cleanup", true)),
        "Sequence" => ReadSequence(source),
        string type => throw source.Wrong($"decoder type {type} is not supported yet"),
    };

    /// <summary>The steps of SentencePiece models in their order: replacements, byte fallback, fusing, stripping in front.</summary>
    private static TokenDecoder ReadSequence(JsonSource source)
    {
        JsonSource[] steps = [.. source.Required("decoders").Items()];
        if (steps.Length == 1)
            return Read(steps[0]);
        var replacements = new List<(string, string)>();
        (bool bytes, bool fused, char strip, int count) = (false, false, ' ', 0);
        foreach (JsonSource step in steps)
        {
            switch (step.Type())
            {
                case "Replace" when !bytes && !fused && step.Required("pattern").Optional("String") is { } from && from.AsString().Length > 0:
                    replacements.Add((from.AsString(), step.Required("content").AsString()));
                    break;
                case "ByteFallback" when !bytes && !fused:
                    bytes = true;
                    break;
                case "Fuse":
                    fused = true;
                    break;
                case "Strip" when fused && count == 0 && step.Required("stop").AsInt32() == 0 && step.Required("content").AsString() is [< '\u0080' and char content]:
                    (strip, count) = (content, step.Required("start").AsInt32());
                    break;
                default:
                    throw step.Wrong($"decoder {step.Type()} at this place of a sequence is not supported yet");
            }
        }

        return fused ? new SentencePieceDecoder(replacements, bytes, strip, count) : throw source.Wrong("a decoder sequence without Fuse is not supported yet");
    }
}
