using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Sources;

namespace LmPlayground.Tokenizers.Loading;

/// <summary>
/// Loads the tokenizer of a folder: <c>tokenizer.json</c>, or else <c>tokenizer.model</c>, <c>vocab.json</c> with <c>merges.txt</c>, or
/// <c>vocab.txt</c>, which are made into what transformers' converters would write as tokenizer.json.
/// </summary>
public static class TokenizerFolder
{
    private static readonly string[] SentencePieceNames = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "spm.model"];

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="path">A folder, or a <c>tokenizer.json</c>.</param>
    /// <exception cref="ModelLoadException">There is none, it is malformed, or of a kind that is not supported; the message names the file.</exception>
    public static ModelTokenizer Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Directory.Exists(path) ? Load(new ModelFolder(path)) : TokenizerJson.Load(path);
    }

    internal static ModelTokenizer Load(ModelFolder folder)
    {
        if (folder.Find("tokenizer.json") is { } whole)
            return TokenizerJson.Load(whole, folder.ReadJson("tokenizer_config.json"));
        UsableValues values = new();
        var made = Convert(folder, new TokenizerSettings(folder, values));
        return TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(made.Json), made.File, values);
    }

    private static (string File, JsonObject Json) Convert(ModelFolder folder, TokenizerSettings settings)
    {
        foreach (var name in SentencePieceNames)
        {
            if (folder.Find(name) is { } model)
                return (model, SentencePieceConverter.Convert(SentencePieceFile.Read(model), settings));
        }

        if (folder.Find("vocab.json") is { } vocabulary)
        {
            var merges = folder.Find("merges.txt")
                ?? throw new ModelLoadException(Path.Combine(folder.Directory, "merges.txt"), "is missing; vocab.json is of no use without it.");
            return (vocabulary, BytePairConverter.Convert(vocabulary, merges, settings));
        }

        if (folder.Find("vocab.txt") is { } words)
            return (words, WordPieceConverter.Convert(words, settings));
        throw new ModelLoadException(
            Path.Combine(folder.Directory, "tokenizer.json"),
            "is missing, and there is no tokenizer.model, vocab.json or vocab.txt either: one of them must lie beside the model.");
    }
}
