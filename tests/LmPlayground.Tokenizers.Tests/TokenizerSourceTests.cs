using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Loading;
using LmPlayground.Tokenizers.Sources;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>Tokenizers without a tokenizer.json: the same vocabulary in its other files gives the same ids.</summary>
public sealed class TokenizerSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Gpt_2_s_vocabulary_and_merges_give_every_case()
    {
        var model = Shared("gpt2_real", out var cases).GetProperty("model");
        Write("vocab.json", model.GetProperty("vocab").GetRawText());
        Write("merges.txt", "#version: 0.2\n" + string.Join('\n', model.GetProperty("merges").EnumerateArray().Select(Line)) + "\n");
        AssertCases(cases, text => true);
    }

    [Fact]
    public void Berts_word_list_gives_every_case()
    {
        var vocabulary = Shared("bert", out var cases).GetProperty("model").GetProperty("vocab");
        Write("vocab.txt", string.Join('\n', vocabulary.EnumerateObject().OrderBy(t => t.Value.GetInt32()).Select(t => t.Name)) + "\n");
        AssertCases(cases, text => true);
    }

    [Fact]
    public void Qwen_s_class_brings_its_own_words_and_normal_form()
    {
        var root = Shared("qwen2", out var cases);
        var model = root.GetProperty("model");
        Write("vocab.json", model.GetProperty("vocab").GetRawText());
        Write("merges.txt", string.Join('\n', model.GetProperty("merges").EnumerateArray().Select(Line)));
        var added = new JsonObject(root.GetProperty("added_tokens").EnumerateArray().Select(
            t => KeyValuePair.Create(t.GetProperty("id").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture), JsonNode.Parse(t.GetRawText()))));
        Write("tokenizer_config.json", new JsonObject { ["tokenizer_class"] = "Qwen2Tokenizer", ["added_tokens_decoder"] = added }.ToJsonString());
        AssertCases(cases, text => true);
    }

    [Fact]
    public void Llamas_sentence_piece_model_gives_every_case()
    {
        var model = Shared("llama2", out var cases).GetProperty("model");
        string[] vocabulary = [.. model.GetProperty("vocab").EnumerateObject().OrderBy(t => t.Value.GetInt32()).Select(t => t.Name)];
        var rank = new Dictionary<string, int>(StringComparer.Ordinal);
        var order = 0;
        foreach (var merge in model.GetProperty("merges").EnumerateArray())
            rank.TryAdd(Line(merge).Replace(" ", "", StringComparison.Ordinal), order++);
        var file = new SentencePieceWriter(isBpe: true, byteFallback: true);
        foreach (var token in vocabulary)
            file.Add(token, rank.TryGetValue(token, out var r) ? -r - 1 : -1e6f, Kind(token));
        File.WriteAllBytes(Path.Combine(_folder.Path, "tokenizer.model"), file.ToArray());
        Write("tokenizer_config.json", """{"tokenizer_class": "LlamaTokenizer"}""");
        AssertCases(cases, text => true);
    }

    [Fact]
    public void T5_s_sentence_piece_model_splits_plain_text_alike()
    {
        var model = Shared("t5", out var cases).GetProperty("model");
        var file = new SentencePieceWriter(isBpe: false, byteFallback: false);
        foreach (var pair in model.GetProperty("vocab").EnumerateArray())
            file.Add(pair[0].GetString()!, (float)pair[1].GetDouble(), Kind(pair[0].GetString()!));
        File.WriteAllBytes(Path.Combine(_folder.Path, "spiece.model"), file.ToArray());
        Write("tokenizer_config.json", """{"tokenizer_class": "T5Tokenizer"}""");

        // The written model has no table of replacements, and the converter strips spaces in front of special tokens: plain texts agree.
        AssertCases(cases, text => text.All(c => c is >= ' ' and < '\u007F' and not '<') && !text.Contains("  ", StringComparison.Ordinal) && !text.EndsWith(' ') && text.Length > 0);
    }

    [Theory]
    [InlineData("vocab.json", "{\"a\": 0}", "merges.txt")]
    [InlineData("vocab.txt", "a\nb", "[UNK]")]
    [InlineData("tokenizer.model", "", "holds no pieces")]
    [InlineData("tokenizer.model", "version https://git-lfs.github.com/spec/v1", "SentencePiece")]
    [InlineData("other.txt", "", "tokenizer.json")]
    public void What_is_missing_or_broken_is_named(string name, string content, string expected)
    {
        Write(name, content);
        Assert.Contains(expected, Assert.Throws<ModelLoadException>(() => TokenizerFolder.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", true)]
    [InlineData("", true)]
    [InlineData("\u001a\u0003xyz", false)]
    [InlineData("any other text", false)]
    public void A_sentence_piece_file_that_is_as_it_was_published_is_not_to_be_downloaded_again(string content, bool helps)
    {
        Write("tokenizer.model", content);
        Assert.Equal(helps, Assert.Throws<ModelLoadException>(() => TokenizerFolder.Load(_folder.Path)).Message.Contains("ownload", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"do_lower_case": "yes"}""", "do_lower_case")]
    [InlineData("tokenizer_config.json", """{"strip_accents": 1}""", "strip_accents")]
    [InlineData("tokenizer_config.json", """{"unk_token": 3}""", "unk_token")]
    [InlineData("tokenizer_config.json", """{"cls_token": {"contents": "[CLS]"}}""", "cls_token")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": []}""", "added_tokens_decoder")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"x": {"content": "<x>"}}}""", "added_tokens_decoder")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"7": {"content": "<x>", "special": 1}}}""", "added_tokens_decoder.special")]
    [InlineData("tokenizer_config.json", """{"additional_special_tokens": 4}""", "additional_special_tokens")]
    [InlineData("tokenizer_config.json", """{"additional_special_tokens": ["[SEP]", 4]}""", "additional_special_tokens[1]")]
    [InlineData("special_tokens_map.json", """{"mask_token": false}""", "mask_token")]
    [InlineData("special_tokens_map.json", """{"mask_token": {"content": "[MASK]", "lstrip": "x"}}""", "mask_token.lstrip")]
    [InlineData("added_tokens.json", """{"<x>": -7, "[CLS]": 1}""", "")]
    public void Issue_12_A1_a_setting_that_cannot_be_used_is_a_notice_and_the_usual_one_is_taken(string name, string content, string place)
    {
        Write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\nthe\n##m\n");
        Write(name, content);
        var tokenizer = TokenizerFolder.Load(_folder.Path);
        Assert.StartsWith($"{name}: {(place.Length > 0 ? $"at {place}: " : "")}", Assert.Single(tokenizer.Notices), StringComparison.Ordinal);
        Assert.Equal([1, 3, 4, 0, 2], tokenizer.Ids("THEM x"));
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"tokenizer_class": 7}""")]
    [InlineData("config.json", """{"model_type": ["gpt2"]}""")]
    public void Issue_12_A1_a_class_that_cannot_be_read_is_a_notice_and_the_usual_one_is_taken(string name, string content)
    {
        Write("vocab.json", """{"a": 0, "b": 1, "ab": 2}""");
        Write("merges.txt", "#version: 0.2\na b\n");
        Write(name, content);
        var tokenizer = TokenizerFolder.Load(_folder.Path);
        Assert.StartsWith(name, Assert.Single(tokenizer.Notices), StringComparison.Ordinal);
        Assert.Equal([2, 0], tokenizer.Ids("aba"));
    }

    [Fact]
    public void A_value_that_nobody_needs_is_not_looked_at()
    {
        Write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\nthe\n");
        Write("tokenizer_config.json", """{"tokenizer_class": "BertTokenizer", "bos_token": "x", "legacy": 3, "model_max_length": NaN, "sp_model_kwargs": []}""");
        Write("config.json", """{"model_type": 7}""");
        Assert.Empty(TokenizerFolder.Load(_folder.Path).Notices);
    }

    [Fact]
    public void A_sentence_piece_model_cut_or_flipped_anywhere_is_refused_or_read_and_never_another_exception()
    {
        var file = new SentencePieceWriter(isBpe: true, byteFallback: true);
        foreach (var token in (string[])["<unk>", "<s>", "</s>", "▁", "a", "b", "▁a", "ab", "▁ab"])
            file.Add(token, -token.Length, Kind(token));
        var whole = file.ToArray();
        var path = Path.Combine(_folder.Path, "tokenizer.model");
        for (var length = 0; length < whole.Length; length++)
            Try(whole[..length]);
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var mask in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] flipped = [.. whole];
                flipped[at] ^= mask;
                Try(flipped);
            }
        }

        void Try(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            try
            {
                TokenizerFolder.Load(_folder.Path).Encode("ab a <s>b");
            }
            catch (ModelLoadException e)
            {
                Assert.Contains("tokenizer.model", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static PieceKind Kind(string token) => token switch
    {
        "<unk>" => PieceKind.Unknown,
        "<s>" or "</s>" or "<pad>" => PieceKind.Control,
        _ when token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) => PieceKind.Byte,
        _ => PieceKind.Normal,
    };

    private static string Line(JsonElement merge) => merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";

    private static JsonElement Shared(string family, out JsonElement cases)
    {
        var directory = TestFiles.Fixture("conformance", "tokenizers", family);
        cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "cases.json"))).RootElement;
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "tokenizer.json"))).RootElement;
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.Path, name), content, new UTF8Encoding(false));

    private void AssertCases(JsonElement cases, Func<string, bool> applies)
    {
        var tokenizer = TokenizerFolder.Load(_folder.Path);
        var count = 0;
        foreach (var c in cases.EnumerateArray())
        {
            var text = c.GetProperty("text").GetString()!;
            if (!applies(text))
                continue;
            count++;
            Assert.Equal(c.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()), tokenizer.Encode(text).Select(t => t.Id));
            Assert.Equal(c.GetProperty("decoded").GetString(), tokenizer.Decode([.. tokenizer.Encode(text).Select(t => t.Id)]));
        }

        Assert.InRange(count, 4, int.MaxValue);
    }
}
