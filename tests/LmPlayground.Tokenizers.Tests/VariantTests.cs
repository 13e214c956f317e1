using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>
/// The shared vocabularies with other steps around them, over mixed scripts, marks, emoji and added tokens with flags; expected by Hugging
/// Face tokenizers (the Node package, 0.23.2).
/// </summary>
public sealed class VariantTests
{
    private static readonly string Fixture = TestFiles.Fixture("conformance", "tokenizers", "variants.json");

    public static TheoryData<string> Names =>
        [.. JsonNode.Parse(File.ReadAllText(Fixture))!.AsArray().Select(v => v!["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_case_of_a_variant_agrees(string name)
    {
        var variant = JsonNode.Parse(File.ReadAllText(Fixture))!.AsArray().Single(v => v!["name"]!.GetValue<string>() == name)!;
        var file = Path.Combine(TestFiles.Fixture("conformance", "tokenizers", variant["base"]!.GetValue<string>()), "tokenizer.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        foreach (var (part, value) in variant["patch"]!.AsObject())
            json[part] = value?.DeepClone();
        foreach (var (part, value) in variant["model"]!.AsObject())
            json["model"]![part] = value?.DeepClone();
        var tokenizer = TokenizerJson.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));
        foreach (var c in variant["cases"]!.AsArray())
        {
            var text = c!["text"]!.GetValue<string>();
            int[] ids = [.. tokenizer.Encode(text).Select(t => t.Id)];
            Assert.Equal(c["ids"]!.Deserialize<int[]>(), ids);
            Assert.Equal(
                c["offsets"]!.Deserialize<int[][]>()!.Select(o => (o[0], o[1])),
                tokenizer.Encode(text, addSpecialTokens: false).Select(t => (CodePoints(text, t.Start), CodePoints(text, t.Start + t.Length))));
            if (c["decoded_without_special"] is { } decoded)
                Assert.Equal(decoded.GetValue<string>(), tokenizer.Decode(ids, skipSpecialTokens: true));
        }
    }

    [Fact]
    public void Gpt_1_marks_the_ends_of_words_and_puts_spaces_after_them_as_they_stream()
    {
        var tokenizer = TokenizerJson.Parse("""
            {"model": {"type": "BPE", "unk_token": "?", "end_of_word_suffix": "</w>", "vocab": {"?": 0, "a": 1, "b": 2, "a</w>": 3, "b</w>": 4, "ab</w>": 5}, "merges": [["a", "b</w>"]]},
             "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "BPEDecoder", "suffix": "</w>"}}
            """u8.ToArray());
        Assert.Equal([5, 2, 3], tokenizer.Ids("ab ba"));
        Assert.Equal("ab ba", tokenizer.Decode([5, 2, 3]));
        var stream = tokenizer.StartStream();
        Assert.Equal(["ab", " b", "a"], ((int[])[5, 2, 3]).Select(stream.Append));
    }

    [Fact]
    public void The_character_that_dot_net_refuses_to_normalize_passes()
    {
        var tokenizer = TestTokenizers.ByteLevel().With("normalizer", """{"type": "NFKC"}""").Build();
        Assert.Equal("\uFFFE1\u0323\u0301\uFFFE", tokenizer.Decode(tokenizer.Ids("\uFFFE①\u0301\u0323\uFFFE")));
    }

    [Fact]
    public void A_run_of_equal_and_alternating_marks_is_sorted()
    {
        var tokenizer = TestTokenizers.ByteLevel().With("normalizer", """{"type": "NFC"}""").Build();
        var text = "q" + string.Concat(Enumerable.Repeat("\u0301\u0323", 50));
        Assert.Equal(text.Normalize(NormalizationForm.FormC), tokenizer.Decode(tokenizer.Ids(text)));
    }

    [Fact]
    public void A_megabyte_without_a_space_is_not_quadratic()
    {
        // Quadratic work on a million characters would take minutes.
        var tokenizer = TestTokenizers.Embedded;
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var text = string.Concat(Enumerable.Repeat("abcdefghij", 100_000));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Ids(text)));
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 60);
    }

    private static int CodePoints(string text, int until) => text[..until].EnumerateRunes().Count();
}
