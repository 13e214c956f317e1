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
    [InlineData("config.json", "[]")]
    [InlineData("generation_config.json", """{"temperature": }""")]
    [InlineData("lm.json", """{"kind": """)]
    public void What_is_malformed_is_named(string file, string content)
    {
        var path = _folder.Write(file, content);
        Assert.Equal(path, Assert.Throws<ModelLoadException>(() => Read()).File);
    }

    [Theory]
    [InlineData("config.json", """{"eos_token_id": "x"}""", "eos_token_id")]
    [InlineData("config.json", """{"eos_token_id": [2, "x"], "bos_token_id": 1}""", "eos_token_id[1]")]
    [InlineData("generation_config.json", """{"temperature": "warm"}""", "temperature")]
    [InlineData("generation_config.json", """{"top_p": NaN, "top_k": 40}""", "top_p")]
    [InlineData("generation_config.json", """{"top_k": [1, 2]}""", "top_k")]
    [InlineData("generation_config.json", """{"do_sample": 1}""", "do_sample")]
    [InlineData("generation_config.json", """{"repetition_penalty": Infinity}""", "repetition_penalty")]
    [InlineData("tokenizer_config.json", """{"eos_token": 7}""", "eos_token")]
    [InlineData("special_tokens_map.json", """{"bos_token": {"contents": "a"}}""", "bos_token")]
    [InlineData("training.json", """{"parameters": 1.5}""", "parameters")]
    [InlineData("config.json", """{"max_position_embeddings": -1}""", "max_position_embeddings")]
    [InlineData("config.json", """{"max_position_embeddings": Infinity, "num_attention_heads": [4, "x"]}""", "max_position_embeddings")]
    [InlineData("config.json", """{"model_type": 7}""", "model_type")]
    [InlineData("config.json", """{"architectures": "LlamaForCausalLM"}""", "architectures")]
    [InlineData("genai_config.json", """{"model": {"type": 3}}""", "model.type")]
    [InlineData("genai_config.json", """{"model": {"context_length": 0, "decoder": {"filename": "model.onnx"}}}""", "model.context_length")]
    [InlineData("genai_config.json", """{"model": {"eos_token_id": "2"}}""", "model.eos_token_id")]
    [InlineData("genai_config.json", """{"model": []}""", "model")]
    [InlineData("tokenizer_config.json", """{"chat_template": 7}""", "chat_template")]
    [InlineData("tokenizer_config.json", """{"chat_template": [{"name": "default"}]}""", "chat_template[0]")]
    [InlineData("tokenizer_config.json", """{"chat_template": "{{ bos_token }}", "pad_token": 7}""", "pad_token")]
    [InlineData("tokenizer_config.json", """{"chat_template": "{{ bos_token }}", "additional_special_tokens": [7]}""", "additional_special_tokens[0]")]
    public void Issue_12_A1_an_optional_value_that_cannot_be_used_is_a_notice_of_the_card(string file, string content, string place)
    {
        _folder.Write(file, content);
        var notice = Assert.Single(Read().Notices);
        Assert.StartsWith($"{file}: at {place}: ", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Issue_12_A1_what_cannot_be_used_gives_way_to_the_next_file_and_hinders_nothing_beside_it()
    {
        _folder.Write("generation_config.json", """{"eos_token_id": {}, "temperature": "warm", "top_k": 50.0, "length_penalty": Infinity, "anything": [NaN]}""");
        _folder.Write("config.json", """{"eos_token_id": [2.0, null, 0]}""");
        var card = Read();
        Assert.Equal([2, 0], card.EndOfSequenceIds);
        Assert.Equal(new GenerationDefaults { TopK = 50 }, card.Defaults);
        Assert.Equal(3, card.Notices.Length);
    }

    [Theory]
    [InlineData("""{"decoder_start_token_id": "x"}""", """{"decoder_start_token_id": 7}""", "7", "generation_config.json: at decoder_start_token_id")]
    [InlineData("""{"decoder_start_token_id": 4096}""", """{"bos_token_id": 3}""", "3", "4096 is outside the vocabulary of 4096")]
    [InlineData("""{"decoder_start_token_id": -1}""", """{"pad_token_id": 9}""", "9", "-1 is outside")]
    [InlineData("""{"decoder_start_token_id": 2, "forced_bos_token_id": [5]}""", "{}", "2", "forced_bos_token_id")]
    [InlineData("""{"forced_bos_token_id": "x"}""", """{"decoder_start_token_id": 2, "forced_bos_token_id": 5}""", "2 5", "forced_bos_token_id")]
    [InlineData("""{"decoder_start_token_id": 1.5}""", "{}", "", "decoder_start_token_id")]
    public void Issue_12_A1_what_a_decoder_begins_with_gives_way_to_the_next_that_says_it(string generation, string config, string expected, string notice)
    {
        _folder.Write("generation_config.json", generation);
        _folder.Write("config.json", config);
        var card = new ModelCardReader(new ModelFolder(_folder.Path)).Read(
            new ModelSource("id", _folder.Path, false, null), Facts with { Kind = ModelKind.EncoderDecoder }, TestTokenizers.Embedded);
        Assert.Equal(expected, string.Join(' ', card.PromptPrefixIds));
        Assert.Contains(notice, Assert.Single(card.Notices), StringComparison.Ordinal);
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
