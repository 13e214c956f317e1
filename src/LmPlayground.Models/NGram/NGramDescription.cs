using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.NGram;

/// <summary>The <c>lm.json</c> of an n-gram model's folder.</summary>
/// <example><code>{ "kind": "ngram", "order": 4, "vocab_size": 4096, "bos_token_id": 0, "eos_token_id": 0 }</code></example>
internal sealed class NGramDescription
{
    /// <summary>The file's name.</summary>
    public const string FileName = "lm.json";

    private const string Kind = "ngram";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonSource _file;

    private NGramDescription(JsonSource file)
    {
        _file = file;
    }

    /// <summary>Whether a folder is that of an n-gram model: its <c>lm.json</c> says so.</summary>
    /// <exception cref="ModelLoadException">The file is malformed.</exception>
    public static bool Describes(ModelFolder folder) => folder.ReadJson(FileName)?.Optional("kind")?.AsString() == Kind;

    /// <summary>Reads the file of a folder.</summary>
    public static NGramDescription Read(ModelFolder folder) =>
        folder.ReadJson(FileName) is { } file
            ? new NGramDescription(file)
            : throw new ModelLoadException(Path.Combine(folder.Directory, FileName), "is missing.");

    /// <summary>The file for a model that was counted.</summary>
    public static string Write(NGramTrie trie, int? beginId, int? endId, long tokens)
    {
        var json = new JsonObject
        {
            ["kind"] = Kind,
            ["model_type"] = "ngram",
            ["smoothing"] = "interpolated modified Kneser-Ney",
            ["order"] = trie.Order,
            ["vocab_size"] = trie.VocabularySize,
            ["ngrams"] = trie.NGramCount,
            ["training_tokens"] = tokens,
        };
        if (beginId is { } begin)
            json["bos_token_id"] = begin;
        if (endId is { } end)
            json["eos_token_id"] = end;
        return json.ToJsonString(Indented) + "\n";
    }

    /// <summary>Checks that it describes the model beside it.</summary>
    /// <exception cref="ModelLoadException">It does not.</exception>
    public void Check(NGramTrie trie)
    {
        JsonSource order = _file.Required("order"), vocabulary = _file.Required("vocab_size");
        if (order.AsInt32() != trie.Order)
            throw order.Wrong($"the model beside it is of order {trie.Order}; they belong to different models");
        if (vocabulary.AsInt32() != trie.VocabularySize)
            throw vocabulary.Wrong($"the model beside it has {trie.VocabularySize} tokens; they belong to different models");
    }
}
