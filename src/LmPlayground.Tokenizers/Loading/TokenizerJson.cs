using LmPlayground.Tokenizers.Decoders;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Pipeline;
using LmPlayground.Tokenizers.Reading;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Loading;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>.</summary>
public static class TokenizerJson
{
    /// <summary>Loads a tokenizer.</summary>
    /// <param name="file">The path of a <c>tokenizer.json</c>.</param>
    /// <exception cref="ModelLoadException">It is missing, malformed, or of a kind that is not supported; the message names the file and the place.</exception>
    public static ModelTokenizer Load(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Build(JsonSource.Read(file));
    }

    /// <summary>Reads a tokenizer from the bytes of a <c>tokenizer.json</c>.</summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="file">What errors call it.</param>
    /// <exception cref="ModelLoadException">It is malformed, or of a kind that is not supported.</exception>
    public static ModelTokenizer Parse(ReadOnlyMemory<byte> utf8, string file = "tokenizer.json") => Build(JsonSource.Parse(file, utf8));

    /// <summary>The same for what was made of other files, with what could not be used of those.</summary>
    internal static ModelTokenizer Parse(ReadOnlyMemory<byte> utf8, string file, UsableValues values) => Build(JsonSource.Parse(file, utf8), null, values);

    /// <summary>Loads a tokenizer with the tokens that only the file beside it lists.</summary>
    /// <param name="file">The path of a <c>tokenizer.json</c>.</param>
    /// <param name="config">What stands in <c>tokenizer_config.json</c>, if it is there.</param>
    internal static ModelTokenizer Load(string file, JsonSource? config) => Build(JsonSource.Read(file), config);

    private static PipelineTokenizer Build(JsonSource root, JsonSource? config = null, UsableValues? values = null)
    {
        values ??= new UsableValues();
        var normalizer = root.Optional("normalizer") is { } n ? NormalizerReader.Read(n) : null;
        var splits = root.Optional("pre_tokenizer");
        var model = ModelReader.Read(root.Required("model"), splits is { } words && PreTokenizerReader.EndsInByteLevel(words));
        var preTokenizer = splits is { } source ? PreTokenizerReader.Read(source, spells: model is not ByteLevelBpeModel) : null;
        var added = AddedTokenReader.Read(root.Optional("added_tokens"), config?.Optional("added_tokens_decoder"), model.Vocabulary, values);
        var postProcessor = root.Optional("post_processor") is { } p ? PostProcessorReader.Read(p) : null;
        var decoder = root.Optional("decoder") is { } d ? DecoderReader.Read(d) : new PlainDecoder(spaced: true);
        return new PipelineTokenizer(normalizer, preTokenizer, model, postProcessor, decoder, added, values.Notices);
    }
}
