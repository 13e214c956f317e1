using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Loading;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>One tokenizer for every model.</summary>
internal sealed class FakeTokenizerList : ITokenizerList
{
    /// <summary>Bytes at their own values as far as the tests need them, "ab" and a special token.</summary>
    public static ModelTokenizer Tokenizer { get; } = Make();

    public List<string> Asked { get; } = [];

    public ModelLoadException? Failure { get; set; }

    public Task<ModelTokenizer> LoadAsync(string modelId, CancellationToken cancellationToken)
    {
        Asked.Add(modelId);
        return Failure is null ? Task.FromResult(Tokenizer) : Task.FromException<ModelTokenizer>(Failure);
    }

    private static ModelTokenizer Make()
    {
        // GPT-2's alphabet, of which only what the texts here have is needed: ASCII, and the two bytes of é.
        var vocabulary = Enumerable.Range(0x21, 94).ToDictionary(value => $"{(char)value}", value => value);
        vocabulary["Ġ"] = 32;
        vocabulary["Ã"] = 0xC3;
        vocabulary["©"] = 0xA9;
        vocabulary["ab"] = 256;
        return TokenizerJson.Parse(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new
        {
            added_tokens = new[] { new { id = 257, content = "<s>", special = true } },
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false },
            decoder = new { type = "ByteLevel" },
            model = new { type = "BPE", vocab = vocabulary, merges = new[] { new[] { "a", "b" } } },
        }));
    }
}
