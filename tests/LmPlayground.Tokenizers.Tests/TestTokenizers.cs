using System.Text;
using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Loading;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>Tokenizers to test with: the one that the repository ships, and small ones made here.</summary>
internal static class TestTokenizers
{
    private static readonly Lazy<ModelTokenizer> EmbeddedOne = new(() => TokenizerJson.Load(EmbeddedFile("transformer")));

    /// <summary>4,096 byte-level tokens.</summary>
    public static ModelTokenizer Embedded => EmbeddedOne.Value;

    public static string EmbeddedFile(string model) => Path.Combine(TestFiles.Embedded(model), "tokenizer.json");

    /// <summary>A byte-level tokenizer of 256 bytes (ids 0 to 255 are the bytes themselves) and the given tokens and settings after them.</summary>
    public static JsonObject ByteLevel(params string[] further)
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++)
            vocabulary[ByteAlphabet.CharacterOf((byte)value).ToString()] = value;
        foreach (var token in further)
            vocabulary[token] = vocabulary.Count;
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
    }

    /// <summary>Adds an added token with the given flags.</summary>
    public static JsonObject WithAdded(this JsonObject json, int id, string content, params string[] flags)
    {
        var token = new JsonObject { ["id"] = id, ["content"] = content };
        foreach (var flag in (string[])["single_word", "lstrip", "rstrip", "normalized", "special"])
            token[flag] = flags.Contains(flag);
        json["added_tokens"]!.AsArray().Add(token);
        return json;
    }

    public static JsonObject With(this JsonObject json, string part, string value)
    {
        json[part] = JsonNode.Parse(value);
        return json;
    }

    public static ModelTokenizer Build(this JsonObject json) => TokenizerJson.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));

    public static int[] Ids(this ModelTokenizer tokenizer, string text, bool addSpecialTokens = true) =>
        [.. tokenizer.Encode(text, addSpecialTokens).Select(t => t.Id)];

    /// <summary>The text that each token covers.</summary>
    public static string[] Pieces(this ModelTokenizer tokenizer, string text) =>
        [.. tokenizer.Encode(text, addSpecialTokens: false).Select(t => text.Substring(t.Start, t.Length))];
}
