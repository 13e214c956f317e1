using System.Text;
using LmPlayground.Generation.Steps;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Generation.Tests;

/// <summary>Which tokens contain a text, as the breakers of DRY ask: a token is what it is inside a text, not at its beginning.</summary>
public class BreakerTokensTests
{
    private const string SentencePiece = """
        {"decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
          {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
         "added_tokens": [{"id": 9, "content": "<|im_end|>", "special": true}],
         "model": {"type": "BPE", "byte_fallback": true, "merges": [], "vocab": {"▁the": 0, "the": 1, "<0x0A>": 2, "▁": 3, "a▁b": 4, "<0xE2>": 5, "a": 6}}}
        """;

    private const string Metaspace = """
        {"decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
         "added_tokens": [{"id": 9, "content": "<|im_end|>", "special": true}],
         "model": {"type": "BPE", "merges": [], "vocab": {"▁the": 0, "the": 1, "\n": 2, "▁": 3, "a▁b": 4, "\u00e9": 5, "a": 6}}}
        """;

    private const string ByteLevel = """
        {"decoder": {"type": "ByteLevel"}, "added_tokens": [{"id": 9, "content": "<|im_end|>", "special": true}],
         "model": {"type": "BPE", "merges": [], "vocab": {"Ġthe": 0, "the": 1, "ĊâĢ": 2, "Ġ": 3, "aĠb": 4, "âĢ": 5, "a": 6}}}
        """;

    private const string WordPiece = """
        {"decoder": {"type": "WordPiece", "prefix": "##", "cleanup": false}, "added_tokens": [{"id": 9, "content": "<|im_end|>", "special": true}],
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"the": 0, "##the": 1, "\n": 2, "[UNK]": 3, "a": 4, "##a": 6}}}
        """;

    [Theory]
    [InlineData(SentencePiece, " the", "0")]
    [InlineData(SentencePiece, "the", "0 1")]
    [InlineData(SentencePiece, "\n", "2")]
    [InlineData(SentencePiece, " ", "0 3 4")]
    [InlineData(SentencePiece, "a b", "4")]
    [InlineData(SentencePiece, "<", "9")]
    [InlineData(SentencePiece, "<|im_end|>", "9")]
    [InlineData(SentencePiece, "[", "")]
    [InlineData(SentencePiece, "\uFFFD", "")]
    [InlineData(Metaspace, " the", "0")]
    [InlineData(Metaspace, " ", "0 3 4")]
    [InlineData(Metaspace, "a b", "4")]
    [InlineData(Metaspace, "<|im_end|>", "9")]
    [InlineData(Metaspace, "\n", "2")]
    [InlineData(ByteLevel, " the", "0")]
    [InlineData(ByteLevel, "\n", "2")]
    [InlineData(ByteLevel, " ", "0 3 4")]
    [InlineData(ByteLevel, "im_end", "9")]
    [InlineData(ByteLevel, "\uFFFD", "")]
    [InlineData(WordPiece, " the", "0")]
    [InlineData(WordPiece, "the", "0 1")]
    [InlineData(WordPiece, "#", "")]
    [InlineData(WordPiece, "<|im_end|>", "9")]
    public void A_token_contains_what_it_adds_to_a_text(string json, string text, string expected)
    {
        FakeModel model = new() { Tokenizer = TokenizerJson.Parse(Encoding.UTF8.GetBytes(json)) };
        Assert.Equal(expected, string.Join(' ', new ModelVocabulary(model, new StoppingOptions()).TokensContaining(text)));
    }
}
