using System.Text.Json.Nodes;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>Issue 12, A1: two texts with one id load; both are read as it, and the last is how it is written.</summary>
public sealed class SharedIdTests
{
    [Fact]
    public void In_the_vocabulary_of_byte_level_tokens()
    {
        var json = TestTokenizers.ByteLevel("th", "he");
        json["model"]!["merges"] = new JsonArray("t h", "h e");
        json["model"]!["vocab"]!["he"] = 256;
        var tokenizer = json.Build();
        Assert.Equal([256, 256], tokenizer.Ids("thhe"));
        Assert.Equal("hehe", tokenizer.Decode([256, 256]));
        Assert.Equal(257, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("""{"type": "WordLevel", "vocab": {"a": 0, "b": 1, "c": 1, "?": 2}, "unk_token": "?"}""")]
    [InlineData("""{"type": "WordPiece", "vocab": {"a": 0, "b": 1, "c": 1, "?": 2}, "unk_token": "?"}""")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 1, "?": 2}, "merges": [], "unk_token": "?"}""")]
    public void In_a_vocabulary_of_words(string model)
    {
        var tokenizer = TestTokenizers.ByteLevel().With("model", model).With("pre_tokenizer", """{"type": "Whitespace"}""").With("decoder", "null").Build();
        Assert.Equal([0, 1, 1], tokenizer.Ids("a b c"));
        Assert.Equal("c", tokenizer.TokenOf(1));
        Assert.Equal((1, 1), (tokenizer.IdOf("b"), tokenizer.IdOf("c")));
    }

    [Fact]
    public void Among_the_added_tokens()
    {
        var tokenizer = TestTokenizers.ByteLevel().WithAdded(300, "<one>", "special").WithAdded(300, "<two>").WithAdded(65, "<A>").Build();
        Assert.Equal([300, 300, 65, 65], tokenizer.Ids("<one><two><A>A"));
        Assert.Equal("<two><A>", tokenizer.Decode([300, 65]));
        Assert.False(tokenizer.IsSpecial(300));
    }

    [Fact]
    public void One_text_that_is_there_twice_has_its_last_id()
    {
        var tokenizer = TestTokenizers.ByteLevel().With("model", """{"type": "WordLevel", "vocab": {"?": 0, "a": 1, "b": 2}, "unk_token": "?"}""").ToJsonString().Replace("\"b\"", "\"a\"", StringComparison.Ordinal);
        Assert.Equal(2, LmPlayground.Tokenizers.Loading.TokenizerJson.Parse(System.Text.Encoding.UTF8.GetBytes(tokenizer)).IdOf("a"));
    }
}
