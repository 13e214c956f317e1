using System.Security.Cryptography;
using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Tests;

namespace LmPlayground.Models.Tests.Catalog;

public sealed class ModelCardTests : IDisposable
{
    private static readonly DecoderFacts Facts = new(ModelKind.ConcatCacheDecoder, 4096, 512, "llama");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"eos_token_id": 2}""", """{"eos_token_id": 3}""", new[] { 2 })]
    [InlineData("""{"eos_token_id": [2, 0, 2]}""", """{"eos_token_id": 3}""", new[] { 2, 0 })]
    [InlineData("""{}""", """{"eos_token_id": [3]}""", new[] { 3 })]
    [InlineData("""{"eos_token_id": null}""", """{"eos_token_id": 3}""", new[] { 3 })]
    [InlineData("""{"eos_token_id": [-1, 4096, 4095]}""", """{}""", new[] { 4095 })]
    public void The_end_of_a_text_is_what_the_most_particular_file_says(string generation, string config, int[] expected)
    {
        _folder.Write("generation_config.json", generation);
        _folder.Write("config.json", config);
        Assert.Equal(expected, Read().EndOfSequenceIds);
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"eos_token": "<|im_end|>", "bos_token": {"content": "<|im_start|>"}}""")]
    [InlineData("special_tokens_map.json", """{"eos_token": {"content": "<|im_end|>"}, "bos_token": "<|im_start|>"}""")]
    public void Names_of_tokens_are_used_where_no_file_gives_ids(string file, string content)
    {
        _folder.Write(file, content);
        var card = Read();
        Assert.Equal([2], card.EndOfSequenceIds);
        Assert.Equal(1, card.BeginningOfSequenceId);
    }

    [Fact]
    public void A_model_without_a_word_about_its_end_has_none()
    {
        var card = Read();
        Assert.Empty(card.EndOfSequenceIds);
        Assert.Null(card.BeginningOfSequenceId);
        Assert.Null(card.ParameterCount);
        Assert.Equal(new GenerationDefaults(), card.Defaults);
    }

    [Fact]
    public void Defaults_are_there_only_where_they_are_stated()
    {
        _folder.Write("generation_config.json", """{"temperature": 0.8, "do_sample": true, "top_k": null}""");
        Assert.Equal(new GenerationDefaults { DoSample = true, Temperature = 0.8 }, Read().Defaults);
        _folder.Write("generation_config.json", """{"top_k": 50, "top_p": 0.9, "min_p": 0.05, "repetition_penalty": 1.1}""");
        Assert.Equal(new GenerationDefaults { TopK = 50, TopP = 0.9, MinP = 0.05, RepetitionPenalty = 1.1 }, Read().Defaults);
    }

    [Fact]
    public void The_index_and_the_training_record_complete_the_card()
    {
        _folder.Write("training.json", """{"parameters": 5475584}""");
        var card = Read(Index(["<|endoftext|>", "a"]));
        Assert.Equal(5_475_584, card.ParameterCount);
        Assert.Equal("CC0-1.0", card.License);
        Assert.Equal("Nice", card.Name);
        Assert.Equal(0, card.PromptPrefixIds[0]);
        Assert.Equal(2, card.PromptPrefixIds.Length);
        Assert.Equal(("id", "llama", 4096, 512), (card.Id, card.Architecture, card.VocabularySize, card.ContextLength));
    }

    [Fact]
    public void A_prefix_that_is_no_token_is_named_with_the_index()
    {
        var error = Assert.Throws<ModelLoadException>(() => Read(Index(["<nothing>"])));
        Assert.StartsWith("models.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("<nothing>", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", """{"eos_token_id": "x"}""")]
    [InlineData("config.json", "[]")]
    [InlineData("generation_config.json", """{"temperature": "warm"}""")]
    [InlineData("tokenizer_config.json", """{"eos_token": 7}""")]
    [InlineData("training.json", """{"parameters": 1.5}""")]
    [InlineData("lm.json", """{"kind": """)]
    public void What_is_malformed_is_named(string file, string content)
    {
        var path = _folder.Write(file, content);
        Assert.Equal(path, Assert.Throws<ModelLoadException>(() => Read()).File);
    }

    [Theory]
    [InlineData(4096, "")]
    [InlineData(5000, "")]
    [InlineData(4095, "the token '")]
    [InlineData(4000, "96 tokens")]
    public void A_tokenizer_with_more_ids_than_the_model_has_logits_is_a_notice_and_one_with_fewer_is_none(int logits, string expected)
    {
        var card = new ModelCardReader(new ModelFolder(_folder.Path)).Read(
            new ModelSource("id", _folder.Path, false, null), Facts with { VocabularySize = logits }, TestTokenizers.Embedded);
        if (expected.Length == 0)
            Assert.Empty(card.Notices);
        else
            Assert.Contains(expected, Assert.Single(card.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tokenizer_is_named()
    {
        var error = Assert.Throws<ModelLoadException>(() => ModelLoader.LoadTokenizer(new ModelFolder(_folder.Path)));
        Assert.Equal(_folder.Combine("tokenizer.json"), error.File);
    }

    [Fact]
    public void Hashes_are_those_of_the_files_and_change_with_any_of_them()
    {
        _folder.Write("b.json", "two");
        _folder.Write("onnx/a.onnx", "one");
        ModelFile[] first = [.. Hash("b.json", "onnx/a.onnx", "b.json")];
        Assert.Equal(["b.json", "onnx/a.onnx"], first.Select(f => f.Name));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("two"u8)), first[0].Sha256);
        Assert.Equal(3, first[0].Length);

        var before = FileHasher.ContentHash([.. first]);
        Assert.Equal(before, FileHasher.ContentHash(Hash("onnx/a.onnx", "b.json")));
        _folder.Write("onnx/a.onnx", "onE");
        Assert.NotEqual(before, FileHasher.ContentHash(Hash("onnx/a.onnx", "b.json")));
        Assert.Throws<ModelLoadException>(() => Hash("missing"));
    }

    private System.Collections.Immutable.ImmutableArray<ModelFile> Hash(params string[] names) =>
        new FileHasher(new ModelFolder(_folder.Path), null, TestContext.Current.CancellationToken).Finish(names);

    private static ModelIndexEntry Index(string[] prefix) =>
        new() { File = "models.json", Folder = "id", Name = "Nice", License = "CC0-1.0", Prefix = [.. prefix] };

    private ModelCard Read(ModelIndexEntry? index = null) =>
        new ModelCardReader(new ModelFolder(_folder.Path)).Read(new ModelSource("id", _folder.Path, false, index), Facts, TestTokenizers.Embedded);
}
