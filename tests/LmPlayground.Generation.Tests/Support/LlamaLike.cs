using System.Text;
using System.Text.Json.Nodes;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>A model whose tokenizer works as Llama's does: a mark for the space in front of every text, and special tokens.</summary>
internal static class LlamaLike
{
    public const int Space = 95;
    public const int End = 200;
    public const int Call = 201;
    public const int Image = 256;
    public const int Audio = 300;

    /// <summary>
    /// The characters from ! to ~ (ids 0 to 93), the bytes of a line feed (94), the mark of a space (95), "▁7" (96), the special token of
    /// <see cref="End"/>, the normalized token of <see cref="Call"/>, and two that <see cref="FakeModel"/> has no logit for.
    /// </summary>
    public static ModelTokenizer Tokenizer(bool joinsSeven = false)
    {
        var vocabulary = new JsonObject();
        for (var character = '!'; character <= '~'; character++)
            vocabulary[character.ToString()] = character - '!';
        vocabulary["<0x0A>"] = 94;
        vocabulary["\u2581"] = Space;
        vocabulary["\u25817"] = 96;
        var json = new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(End, "<|im_end|>", true), Added(Call, "<call>", false), Added(Image, "<image>", true), Added(Audio, "<audio>", true)),
            ["normalizer"] = JsonNode.Parse("""{"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}"""),
            ["decoder"] = JsonNode.Parse("""{"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}"""),
            ["model"] = new JsonObject { ["type"] = "BPE", ["byte_fallback"] = true, ["vocab"] = vocabulary, ["merges"] = joinsSeven ? new JsonArray("\u2581 7") : [] },
        };
        return TokenizerJson.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    public static FakeModel Model(Func<IReadOnlyList<int>, float[]?>? script = null) => new() { Tokenizer = Tokenizer(), Script = script };

    private static JsonObject Added(int id, string content, bool special) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = !special,
        ["special"] = special,
    };
}
