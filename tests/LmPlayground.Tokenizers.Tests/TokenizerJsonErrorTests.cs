using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Tokenizers.Tests;

public sealed class TokenizerJsonErrorTests
{
    [Fact]
    public void A_file_cut_at_any_byte_is_refused_by_name()
    {
        var whole = File.ReadAllBytes(TestTokenizers.EmbeddedFile("characters"));
        var end = whole.AsSpan().TrimEnd("\r\n \t"u8).Length;
        for (var length = 0; length < end; length++)
        {
            var error = Assert.Throws<ModelLoadException>(() => TokenizerJson.Parse(whole.AsMemory(0, length), "cut.json"));
            Assert.Equal("cut.json", error.File);
        }
    }

    [Fact]
    public void A_large_file_cut_anywhere_is_refused_by_name()
    {
        var whole = File.ReadAllBytes(TestTokenizers.EmbeddedFile("transformer"));
        for (var length = 0; length < whole.Length - 2; length += 4999)
            Assert.Throws<ModelLoadException>(() => TokenizerJson.Parse(whole.AsMemory(0, length)));
    }

    [Fact]
    public void A_value_of_another_type_anywhere_is_refused_or_harmless_and_never_another_exception()
    {
        string[] strange = ["null", "true", "-1", "1e99", "\"\\ud800\"", "\"x\"", "[]", "[[]]", "{}", "{\"type\": 3}", "{\"type\": \"Nothing\"}"];
        var json = TestTokenizers.ByteLevel("th").WithAdded(300, "<s>", "special")
            .With("normalizer", """{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "x"}, "content": "y"}]}""")
            .With("pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Isolated", "invert": false}, {"type": "ByteLevel", "use_regex": false}]}""")
            .With("post_processor", """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}], "special_tokens": {"<s>": {"ids": [300]}}}""")
            .ToJsonString();
        foreach (var path in Paths(JsonNode.Parse(json)!).Where(p => !p.StartsWith("$.model.vocab.", StringComparison.Ordinal) || p.EndsWith(".th", StringComparison.Ordinal)).ToList())
        {
            foreach (var value in strange)
            {
                var root = JsonNode.Parse(json)!;
                var changed = Replace(root, path, value);
                try
                {
                    TokenizerJson.Parse(System.Text.Encoding.UTF8.GetBytes(changed)).Encode("the axe");
                }
                catch (ModelLoadException e)
                {
                    Assert.StartsWith("tokenizer.json", e.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [InlineData("""["t", "h"]""", "\"th\"")]
    [InlineData("""["t", "€"]""", "\"€\"")]
    [InlineData("\"t h\"", "\"th\"")]
    [InlineData("\"th\"", "two tokens")]
    [InlineData("\"t h e\"", "two tokens")]
    [InlineData("""["t"]""", "two tokens")]
    [InlineData("""["t", ""]""", "two tokens")]
    [InlineData("3", "model.merges[0]")]
    public void A_merge_that_cannot_be_made_is_named(string merge, string expected)
    {
        var json = TestTokenizers.ByteLevel();
        json["model"]!["merges"] = new JsonArray(JsonNode.Parse(merge));
        var error = Assert.Throws<ModelLoadException>(json.Build);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_spellings_of_merges_mean_the_same()
    {
        var pairs = TestTokenizers.ByteLevel("th", "the");
        pairs["model"]!["merges"] = JsonNode.Parse("""[["t", "h"], ["th", "e"]]""");
        var lines = TestTokenizers.ByteLevel("th", "the");
        lines["model"]!["merges"] = JsonNode.Parse("""["t h", "th e"]""");
        Assert.Equal([257, 'n', ' ', 256, 'a'], pairs.Build().Ids("then tha"));
        Assert.Equal([257, 'n', ' ', 256, 'a'], lines.Build().Ids("then tha"));
    }

    [Fact]
    public void Holes_in_the_vocabulary_are_allowed_and_absurd_ids_are_not()
    {
        var json = TestTokenizers.ByteLevel();
        json["model"]!["vocab"]!["th"] = 70_000;
        var tokenizer = json.Build();
        Assert.Equal(70_001, tokenizer.VocabularySize);
        Assert.Null(tokenizer.TokenOf(69_999));
        Assert.Equal("[69999]", tokenizer.Describe(69_999));

        json["model"]!["vocab"]!["th"] = 2_000_000_000;
        Assert.Contains("2000000000", Assert.Throws<ModelLoadException>(json.Build).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model", """{"type": "Nonsense", "vocab": {"a": 0}}""", "tokenizer model type Nonsense is not supported")]
    [InlineData("model", """{"type": "BPE", "vocab": {}, "merges": []}""", "the vocabulary is empty")]
    [InlineData("model", """{"type": "BPE", "merges": []}""", "\"vocab\" is missing")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "?"}""", "\"?\" is not in the vocabulary")]
    [InlineData("normalizer", """{"type": "Nonsense"}""", "normalizer type Nonsense")]
    [InlineData("pre_tokenizer", """{"type": "Nonsense"}""", "pre-tokenizer type Nonsense")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"}""", "pre_tokenizer.pattern.Regex")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Sideways"}""", "Sideways")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}]}""", "\"<s>\" is not among special_tokens")]
    [InlineData("decoder", """{"type": "Nonsense"}""", "decoder type Nonsense")]
    public void What_cannot_be_used_is_named_with_its_place(string part, string value, string expected)
    {
        var error = Assert.Throws<ModelLoadException>(TestTokenizers.ByteLevel().With(part, value).Build);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains($"at {part}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "tokenizer.json");
        Assert.Equal(file, Assert.Throws<ModelLoadException>(() => TokenizerJson.Load(file)).File);
    }

    private static IEnumerable<string> Paths(JsonNode node)
    {
        if (node.Parent is not null)
            yield return node.GetPath();
        var children = node switch
        {
            JsonObject o => o.Select(m => m.Value),
            JsonArray a => a,
            _ => [],
        };
        foreach (var path in children.OfType<JsonNode>().SelectMany(Paths))
            yield return path;
    }

    private static string Replace(JsonNode root, string path, string value)
    {
        var target = Find(root, path);
        const string Marker = "replace-me";
        target.ReplaceWith(JsonValue.Create(Marker));
        return root.ToJsonString().Replace($"\"{Marker}\"", value, StringComparison.Ordinal);
    }

    private static JsonNode Find(JsonNode node, string path)
    {
        if (node.GetPath() == path)
            return node;
        var children = node is JsonObject o ? o.Select(m => m.Value) : node is JsonArray a ? a : [];
        return children.OfType<JsonNode>().Where(c => path.StartsWith(c.GetPath(), StringComparison.Ordinal)).Select(c => Find(c, path)).FirstOrDefault(c => c is not null)!;
    }
}
