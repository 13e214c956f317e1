using System.Text;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>SentencePiece's BPE, Unigram and WordPiece on vocabularies small enough to check by hand.</summary>
public sealed class OtherFamilyTests
{
    [Fact]
    public void Unigram_takes_the_most_probable_split_and_fuses_unknown_characters()
    {
        var tokenizer = Parse("""
            {"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["a", -1], ["b", -1], ["ab", -2.5], ["abc", -2.2], ["c", -1], ["c😀", -1]]},
             "decoder": {"type": "Fuse"}}
            """);
        Assert.Equal([1, 2], tokenizer.Ids("ab"));
        Assert.Equal([4], tokenizer.Ids("abc"));
        Assert.Equal(["a", "xy😁", "b"], tokenizer.Pieces("axy😁b"));
        Assert.Equal([6], tokenizer.Ids("c😀"));
    }

    [Fact]
    public void Word_piece_takes_the_longest_pieces_or_the_unknown_token()
    {
        var tokenizer = Parse("""
            {"model": {"type": "WordPiece", "unk_token": "?", "max_input_chars_per_word": 8, "vocab": {"?": 0, "un": 1, "##aff": 2, "##able": 3, "a": 4, "!": 5}},
             "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true}}
            """);
        Assert.Equal([1, 2, 4, 5], tokenizer.Ids("unaff  a!"));
        Assert.Equal(["un", "aff", "a", "!"], tokenizer.Pieces("unaff  a!"));
        Assert.Equal([0, 4], tokenizer.Ids("unaffx a"));
        Assert.Equal([0], tokenizer.Ids("unaffable"));
        Assert.Equal("unaff a!", tokenizer.Decode([1, 2, 4, 5]));
        Assert.Equal("aff", tokenizer.Describe(2));
    }

    [Fact]
    public void Byte_fallback_spells_unknown_characters_and_its_bytes_stream_as_text()
    {
        var tokenizer = Parse("""
            {"model": {"type": "BPE", "unk_token": "?", "fuse_unk": true, "byte_fallback": true, "vocab": {"?": 0, "▁": 1, "a": 2, "<0xC3>": 3, "<0xA9>": 4, "▁a": 5}, "merges": [["▁", "a"]]},
             "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
             "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}}
            """);
        Assert.Equal([5, 5, 3, 4], tokenizer.Ids("a aé"));
        Assert.Equal([5, 0, 2], tokenizer.Ids("axya"));
        Assert.Equal("a aé", tokenizer.Decode([5, 5, 3, 4]));
        Assert.Equal("a\uFFFD\uFFFDa", tokenizer.Decode([5, 3, 3, 2]));
        var stream = tokenizer.StartStream();
        Assert.Equal(["a", " a", "", "é"], ((int[])[5, 5, 3, 4]).Select(stream.Append));
        Assert.Equal("<0xC3>", tokenizer.Describe(3));
        Assert.Equal(" a", tokenizer.Describe(5));
    }

    [Theory]
    [InlineData("""{"type": "Unigram", "unk_id": 3, "vocab": [["a", -1]]}""", "unk_id 3")]
    [InlineData("""{"type": "Unigram", "vocab": [["a"]]}""", "score")]
    [InlineData("""{"type": "Unigram", "vocab": [["a", "b"]]}""", "a number was expected")]
    [InlineData("""{"type": "Unigram", "vocab": []}""", "empty")]
    [InlineData("""{"type": "WordPiece", "vocab": {"a": 0}}""", "unk_token")]
    [InlineData("""{"type": "WordPiece", "unk_token": "?", "vocab": {"a": 0}}""", "not in the vocabulary")]
    public void What_is_malformed_is_named(string model, string expected)
    {
        var error = Assert.Throws<ModelLoadException>(() => Parse($$"""{"model": {{model}}}"""));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static ModelTokenizer Parse(string json) => TokenizerJson.Parse(Encoding.UTF8.GetBytes(json));
}
