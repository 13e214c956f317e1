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
        string type => throw source.Wrong($"decoder type {type} is not supported yet"),
    };
}
