using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Tests;

namespace LmPlayground.Models.Tests.Catalog;

/// <summary>Real graphs through the catalogue.</summary>
public sealed class LoadedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, ModelKind> Embedded => new()
    {
        { "transformer", ModelKind.ConcatCacheDecoder },
        { "instruct", ModelKind.ConcatCacheDecoder },
        { "lstm", ModelKind.Recurrent },
        { "feedforward", ModelKind.FeedForward },
        { "characters", ModelKind.Recurrent },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Embedded))]
    public async Task Every_shipped_model_loads_and_predicts_after_its_examples(string id, ModelKind kind)
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { EmbeddedDirectory = TestFiles.EmbeddedModels });
        var model = (await catalog.LoadAsync(id, TestContext.Current.CancellationToken)).AsLanguageModel();

        Assert.Equal((id, kind), (model.Card.Id, model.Card.Kind));
        Assert.True(model.Card.ParameterCount > 1_000_000);
        Assert.Contains(model.Card.Files, f => f.Name == "model.onnx");
        Assert.Contains(model.Card.Files, f => f.Name == "tokenizer.json");
        Assert.Equal(64, model.Card.ContentHash.Length);
        Assert.Null(model.Card.ReproductionCaveat);
        Assert.All(model.Card.ExamplePrompts, prompt =>
        {
            using var session = model.StartSession();
            var logits = session.Forward([.. model.Card.PromptPrefixIds, .. model.Tokenizer.Ids(prompt)], TestContext.Current.CancellationToken);
            Assert.Equal(model.Card.VocabularySize, logits.Last.Length);
            foreach (var logit in logits.Last)
                Assert.True(float.IsFinite(logit));
        });
    }

    [Theory]
    [InlineData("feedforward", 12)]
    [InlineData("ngram", 3)]
    [InlineData("lstm", null)]
    [InlineData("transformer", null)]
    public async Task A_model_that_sees_only_its_last_tokens_says_how_many(string id, int? window)
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { EmbeddedDirectory = TestFiles.EmbeddedModels });
        Assert.Equal(window, (await catalog.LoadAsync(id, TestContext.Current.CancellationToken)).Card.Window);
    }

    [Fact]
    public async Task The_instructed_model_ends_its_turn_and_recommends_what_its_files_say()
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { EmbeddedDirectory = TestFiles.EmbeddedModels });
        var card = (await catalog.LoadAsync("instruct", TestContext.Current.CancellationToken)).Card;
        Assert.Equal([2, 0], card.EndOfSequenceIds);
        Assert.Equal(0, card.BeginningOfSequenceId);
        Assert.Equal([0], card.PromptPrefixIds);
        Assert.Equal(new GenerationDefaults { DoSample = true, Temperature = 0.8, TopP = 0.95 }, card.Defaults);
        Assert.Equal(("llama", 512), (card.Architecture, card.ContextLength));
    }

    [Fact]
    public async Task A_model_with_external_data_has_all_its_files_in_its_card()
    {
        var directory = SharedFiles.SmolLm2;
        using var catalog = new ModelCatalog(new ModelCatalogOptions());
        var card = (await catalog.LoadAsync(directory, TestContext.Current.CancellationToken)).Card;
        Assert.Equal(
            ["config.json", "generation_config.json", "model.onnx", "model.onnx.data", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"],
            card.Files.Select(f => f.Name));
        Assert.Equal(ModelKind.SharedCacheDecoder, card.Kind);
        Assert.Equal([2], card.EndOfSequenceIds);
        Assert.Equal(8192, card.ContextLength);
    }

    [Fact]
    public async Task Copies_of_a_model_have_one_content_hash_and_a_broken_copy_fails_alone()
    {
        var original = TestFiles.Zoo("gpt2");
        foreach (var copy in (string[])["good", "again", "cut", "foreign", "without"])
            Copy(original, copy);
        using (var graph = File.OpenWrite(_folder.Combine("cut", "model.onnx")))
            graph.SetLength(graph.Length / 2);
        File.Copy(TestTokenizers.EmbeddedFile("transformer"), _folder.Combine("foreign", "tokenizer.json"), overwrite: true);
        File.Delete(_folder.Combine("without", "tokenizer.json"));
        var options = new ModelCatalogOptions();
        options.Directories.Add(_folder.Path);
        using var catalog = new ModelCatalog(options);

        Task<IModel> Load(string id) => catalog.LoadAsync(id, TestContext.Current.CancellationToken);
        var cut = await Assert.ThrowsAsync<ModelLoadException>(() => Load("cut"));
        Assert.Contains("model.onnx", cut.File, StringComparison.Ordinal);
        Assert.Contains("may be another model's", Assert.Single((await Load("foreign")).Card.Notices), StringComparison.Ordinal);
        var without = await Assert.ThrowsAsync<ModelLoadException>(() => Load("without"));
        Assert.Equal(_folder.Combine("without", "tokenizer.json"), without.File);

        Assert.Equal((await Load("good")).Card.ContentHash, (await Load("again")).Card.ContentHash);
        Assert.Equal(2, catalog.Entries.Count(e => e.State == ModelState.Failed));
        Assert.Equal(3, catalog.Entries.Count(e => e.State == ModelState.Ready));
    }

    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(_folder.Combine(to));
        foreach (var file in Directory.EnumerateFiles(from))
        {
            var target = _folder.Combine(to, Path.GetFileName(file));
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }
    }
}
