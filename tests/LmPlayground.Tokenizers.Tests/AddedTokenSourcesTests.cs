using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>Issue 12, A2: added tokens are tokens wherever they are listed, and their spaces come back.</summary>
public sealed class AddedTokenSourcesTests : IDisposable
{
    private const string Prepend = """{"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}""";
    private const string Decoder = """{"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}""";
    private const string Words = """{"type": "BPE", "vocab": {"▁": 0, "s": 1, "a": 2, "y": 3, "n": 4, "o": 5, "w": 6, "?": 7}, "merges": [], "unk_token": "?"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_that_only_the_configuration_lists_is_a_token()
    {
        _folder.Write("tokenizer.json", TestTokenizers.ByteLevel().WithAdded(300, "<s>", "special").ToJsonString());
        _folder.Write("tokenizer_config.json", """
            {"added_tokens_decoder": {
                "301": {"content": "<think>", "special": false, "normalized": false},
                "302": {"content": "<|end|>", "special": true},
                "300": {"content": "<other>", "special": true},
                "65": {"content": "<taken>", "special": true},
                "x": {"content": "<nameless>"},
                "-1": {"content": "<negative>"},
                "303": {"content": 7},
                "304": {"content": "<flag>", "special": "yes"},
                "305": 3,
                "99999999999": {"content": "<far>"}}}
            """);
        var tokenizer = TokenizerFolder.Load(_folder.Path);
        Assert.Equal([300, 301, 'a', 302], tokenizer.Ids("<s><think>a<|end|>"));
        Assert.Equal((false, true), (tokenizer.IsSpecial(301), tokenizer.IsSpecial(302)));
        Assert.Equal("<think>a", tokenizer.Decode([300, 301, 'a', 302], skipSpecialTokens: true));
        Assert.Equal(303, tokenizer.VocabularySize);
        Assert.Equal("<s>", tokenizer.TokenOf(300));
        Assert.Equal("A", tokenizer.TokenOf(65));
        Assert.Equal(6, tokenizer.Notices.Count);
        Assert.All(tokenizer.Notices, notice => Assert.StartsWith("tokenizer_config.json: at added_tokens_decoder", notice, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"added_tokens_decoder": null}""")]
    [InlineData("""{"added_tokens_decoder": []}""")]
    [InlineData("""{"added_tokens_decoder": NaN, "model_max_length": Infinity}""")]
    public void A_list_that_cannot_be_used_hinders_nothing(string config)
    {
        _folder.Write("tokenizer.json", TestTokenizers.ByteLevel().ToJsonString());
        _folder.Write("tokenizer_config.json", config);
        Assert.Equal(256, TokenizerFolder.Load(_folder.Path).VocabularySize);
    }

    [Theory]
    [InlineData("say <call> now")]
    [InlineData("<call> say")]
    [InlineData("say <call> <call>")]
    [InlineData("say <my call> now")]
    [InlineData("say<raw>")]
    public void The_space_in_front_of_a_normalized_token_comes_back(string text)
    {
        var tokenizer = TestTokenizers.ByteLevel().With("model", Words).With("pre_tokenizer", "null").With("normalizer", Prepend).With("decoder", Decoder)
            .WithAdded(10, "<call>", "normalized").WithAdded(11, "<my call>", "normalized").WithAdded(12, "<raw>").Build();
        var ids = tokenizer.Ids(text);
        Assert.Contains(ids, id => id >= 10);
        Assert.Equal(text, tokenizer.Decode(ids));
        var stream = tokenizer.StartStream();
        Assert.Equal(text, string.Concat(ids.Select(stream.Append)));
    }

    [Fact]
    public void A_token_whose_letters_alone_are_normalized_gets_no_space()
    {
        var tokenizer = TestTokenizers.ByteLevel().With("normalizer", """{"type": "Lowercase"}""").WithAdded(300, "<Call>", "normalized").Build();
        Assert.Equal("a<Call>b", tokenizer.Decode(tokenizer.Ids("a<Call>b")));
    }
}
