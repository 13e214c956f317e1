using LmPlayground.Models.Catalog;
using LmPlayground.Models.Onnx;
using LmPlayground.Models.Tests.Onnx;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;
using static LmPlayground.Models.Tests.Onnx.OnnxWriter;

namespace LmPlayground.Models.Tests.Catalog;

/// <summary>Folders as they are published: several graphs of one model, the hub's cache, onnxruntime-genai.</summary>
public sealed class VariantTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();
    private readonly ModelCatalogOptions _options = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_variant_is_an_entry_with_its_own_size_and_the_best_has_the_plain_name()
    {
        Published("models/nice");
        _folder.Write("models/nice/onnx/model.onnx", "1234");
        _folder.Write("models/nice/onnx/model.onnx_data", new string('x', 1000));
        _folder.Write("models/nice/onnx/model_q4.onnx", "12");
        _folder.Write("models/nice/onnx/model_q4.onnx_data", new string('x', 100));
        _folder.Write("models/nice/onnx/model_q4.onnx_data_1", new string('x', 10));
        _folder.Write("models/nice/onnx/model_q4f16.onnx", "123");
        _folder.Write("models/nice/onnx/model_quantized.onnx", "12345");
        _options.Directories.Add(_folder.Combine("models"));
        using var catalog = new ModelCatalog(_options);

        var shared = new[] { "config.json", "tokenizer.json" }.Sum(name => new FileInfo(_folder.Combine("models", "nice", name)).Length);
        Assert.Equal(
            [("nice", "q4", 112L), ("nice:full", "full", 1004L), ("nice:quantized", "quantized", 5L), ("nice:q4f16", "q4f16", 3L)],
            catalog.Entries.Select(entry => (entry.Id, entry.Variant!, entry.SizeInBytes - shared)));
        Assert.Equal("nice (q4)", catalog.Entries[0].Name);
    }

    [Fact]
    public async Task A_variant_is_found_by_name_and_runs_its_own_graph()
    {
        Real("models/nice", "onnx/model_q4.onnx", scale: 2);
        Real("models/nice", "onnx/model.onnx", scale: 1);
        _options.Directories.Add(_folder.Combine("models"));
        using var catalog = new ModelCatalog(_options);
        var best = await catalog.LoadAsync("nice", Cancellation);
        var full = await catalog.LoadAsync("nice:full", Cancellation);
        Assert.Same(best, await catalog.LoadAsync("nice:q4", Cancellation));
        Assert.NotEqual(best.Card.ContentHash, full.Card.ContentHash);
        Assert.Equal(FirstLogit(full) * 2, FirstLogit(best));
        Assert.Contains(best.Card.Files, file => file.Name == "onnx/model_q4.onnx");
        Assert.DoesNotContain(best.Card.Files, file => file.Name == "onnx/model.onnx");
    }

    [Fact]
    public async Task A_genai_folder_loads_without_a_config_and_by_the_file_that_it_names()
    {
        var directory = Real("models/genai", "decoder.onnx", scale: 1);
        File.Delete(Path.Combine(directory, "config.json"));
        _folder.Write("models/genai/genai_config.json", """
            { "model": { "type": "phi3", "context_length": 77, "eos_token_id": [2, 3], "bos_token_id": 1,
              "decoder": { "filename": "decoder.onnx", "head_size": 4, "num_attention_heads": 1, "num_key_value_heads": 1 } } }
            """);
        _options.Directories.Add(_folder.Combine("models"));
        using var catalog = new ModelCatalog(_options);
        var card = (await catalog.LoadAsync("genai", Cancellation)).Card;
        Assert.Equal(("phi3", 77), (card.Architecture, card.ContextLength));
        Assert.Equal([2, 3], card.EndOfSequenceIds);
        Assert.Contains(card.Files, file => file.Name == "genai_config.json");
    }

    [Theory]
    [InlineData("""{"model": {"type": 3, "context_length": "long", "decoder": {"filename": "onnx/model.onnx"}}}""", 2)]
    [InlineData("""{"model": {"type": "phi3", "decoder": {"filename": 7}}}""", 1)]
    [InlineData("""{"model": {"decoder": []}}""", 1)]
    [InlineData("""{"model": 7}""", 1)]
    [InlineData("{}", 0)]
    public async Task Issue_12_A1_what_a_genai_config_says_amiss_is_a_notice_where_the_graph_says_it_too(string json, int notices)
    {
        var directory = Real("models/genai", "onnx/model.onnx", scale: 1);
        File.Delete(Path.Combine(directory, "config.json"));
        _folder.Write("models/genai/genai_config.json", json);
        _options.Directories.Add(_folder.Combine("models"));
        using var catalog = new ModelCatalog(_options);
        Assert.Equal(notices, (await catalog.LoadAsync("genai", Cancellation)).Card.Notices.Length);
    }

    [Theory]
    [InlineData("../secret.onnx")]
    [InlineData("/etc/passwd")]
    public void A_genai_config_that_leads_out_of_the_folder_is_refused(string filename)
    {
        Published("models/genai");
        _folder.Write("models/secret.onnx", "x");
        _folder.Write("models/genai/genai_config.json", $$"""{ "model": { "decoder": { "filename": "{{filename}}" } } }""");
        var error = Assert.Throws<ModelLoadException>(() =>
            OnnxModelLoader.Load(_folder.Combine("models", "genai"), new OnnxLoadOptions(), Cancellation).Dispose());
        Assert.Contains("leads out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cached_repository_is_listed_by_its_name_and_loads_through_its_links()
    {
        var snapshot = Cached("org", "nice");
        _options.HubCacheDirectory = _folder.Combine("hub");
        using var catalog = new ModelCatalog(_options);
        var entry = Assert.Single(catalog.Entries);
        Assert.Equal(("org/nice", "nice", "mit", true), (entry.Id, entry.Name.Split('/')[^1], entry.License, entry.IsFromHub));
        Assert.True(entry.SizeInBytes > new FileInfo(TestTokenizer).Length);

        var card = (await catalog.LoadAsync("org/nice:full", Cancellation)).Card;
        Assert.Equal("mit", card.License);
        Assert.Contains(card.Files, file => file.Name == "onnx/model.onnx_data" && file.Length == Table * sizeof(float));
        Assert.Equal(snapshot, entry.Directory);
    }

    [Fact]
    public void A_repository_without_a_usable_model_is_not_listed()
    {
        Directory.CreateDirectory(_folder.Combine("hub", "models--org--empty", "snapshots"));
        _folder.Write("hub/models--org--torch/snapshots/abc/pytorch_model.bin", "x");
        _folder.Write("hub/models--org--torch/snapshots/abc/config.json", "{}");
        _folder.Write($"hub/models--org--half/snapshots/{Commit}/onnx/model.onnx", "x");
        _folder.Write("hub/datasets--org--data/snapshots/abc/config.json", "{}");
        _folder.Write("hub/version.txt", "1");
        _options.HubCacheDirectory = _folder.Combine("hub");
        using var catalog = new ModelCatalog(_options);
        Assert.Empty(catalog.Entries);
    }

    [Fact]
    public void A_cache_that_does_not_exist_holds_nothing()
    {
        _options.HubCacheDirectory = _folder.Combine("nowhere");
        using var catalog = new ModelCatalog(_options);
        Assert.Empty(catalog.Entries);
    }

    [Theory]
    [InlineData("../../../models--org--other/blobs/secret")]
    [InlineData("../../../../../secret")]
    [InlineData("../../blobs/inner/secret")]
    public void A_link_into_anything_but_the_repositorys_own_blobs_is_refused(string target)
    {
        var snapshot = Cached("org", "nice");
        _folder.Write("hub/models--org--other/blobs/secret", "{}");
        _folder.Write("hub/models--org--nice/blobs/inner/secret", "{}");
        _folder.Write("secret", "{}");
        File.Delete(Path.Combine(snapshot, "config.json"));
        File.CreateSymbolicLink(Path.Combine(snapshot, "config.json"), target);
        Assert.Throws<ModelLoadException>(() => new ModelFolder(snapshot).Find("config.json"));
    }

    [Fact]
    public void Blobs_that_are_themselves_a_link_elsewhere_allow_nothing()
    {
        _folder.Write("elsewhere/secret", "{}");
        Directory.CreateDirectory(_folder.Combine("hub", "models--org--nice", "snapshots", Commit));
        Directory.CreateSymbolicLink(_folder.Combine("hub", "models--org--nice", "blobs"), _folder.Combine("elsewhere"));
        var snapshot = _folder.Combine("hub", "models--org--nice", "snapshots", Commit);
        File.CreateSymbolicLink(Path.Combine(snapshot, "config.json"), "../../blobs/secret");
        Assert.Throws<ModelLoadException>(() => new ModelFolder(snapshot).Find("config.json"));
    }

    [Fact]
    public async Task What_came_into_the_cache_since_is_there_after_a_refresh_and_the_rest_stays()
    {
        Cached("org", "first");
        _options.HubCacheDirectory = _folder.Combine("hub");
        using var catalog = new ModelCatalog(_options);
        var loaded = await catalog.LoadAsync("org/first", Cancellation);
        Cached("org", "second");
        Assert.Single(catalog.Entries);
        catalog.Refresh();
        catalog.Refresh();
        Assert.Equal(["org/first", "org/second"], catalog.Entries.Select(entry => entry.Id));
        Assert.Same(loaded, await catalog.LoadAsync("org/first", Cancellation));
    }

    private static int Table => TestVocabulary * Width;

    private const int TestVocabulary = 4096;
    private const int Width = TestVocabulary;

    private static string TestTokenizer => Path.Combine(TestFiles.Embedded("transformer"), "tokenizer.json");

    private static float FirstLogit(IModel model)
    {
        using var session = model.AsLanguageModel().StartSession();
        return session.Forward([1], Cancellation).Last[5];
    }

    private void Published(string directory)
    {
        _folder.Write($"{directory}/config.json", "{}");
        _folder.Write($"{directory}/tokenizer.json", File.ReadAllText(TestTokenizer));
    }

    /// <summary>logits[v] = scale x (v + id), through a cache that is not looked at.</summary>
    private string Real(string directory, string graph, float scale)
    {
        Published(directory);
        var path = _folder.Write($"{directory}/{graph}", "");
        Decoder().Constant("row", [1, 1, TestVocabulary], [.. Enumerable.Range(0, TestVocabulary).Select(v => v * scale)])
            .Constant("scale", [], scale)
            .Node("Cast", ["input_ids"], ["ids"], ("to", (int)Element.Float))
            .Node("Mul", ["ids", "scale"], ["scaled"])
            .Node("Unsqueeze", ["scaled", "axis2"], ["column"])
            .Node("Add", ["column", "row"], ["logits"])
            .Node("Unsqueeze", ["column", "axis1"], ["new"])
            .Node("Concat", ["past_key_values.0.key", "new"], ["present.0.key"], ("axis", 2))
            .Save(path);
        return _folder.Combine([.. directory.Split('/')]);
    }

    /// <summary>A repository in the cache whose graph keeps its weights in a file beside it, every file a link.</summary>
    private string Cached(string org, string name)
    {
        var repository = _folder.Combine("hub", $"models--{org}--{name}");
        var snapshot = Path.Combine(repository, "snapshots", Commit);
        Directory.CreateDirectory(Path.Combine(snapshot, "onnx"));
        Directory.CreateDirectory(Path.Combine(repository, "blobs"));
        _folder.Write($"hub/models--{org}--{name}/refs/main", Commit);
        void Add(string file, string blob, Action<string> write)
        {
            write(Path.Combine(repository, "blobs", blob));
            var up = file.Contains('/', StringComparison.Ordinal) ? "../../../blobs/" : "../../blobs/";
            File.CreateSymbolicLink(Path.Combine([snapshot, .. file.Split('/')]), up + blob);
        }

        Add("config.json", "c1", path => File.WriteAllText(path, "{}"));
        Add("README.md", "d1", path => File.WriteAllText(path, "---\nlibrary_name: transformers.js\nlicense: mit\n---\n# Nice\n"));
        Add("tokenizer.json", "a1", path => File.Copy(TestTokenizer, path));
        Add("onnx/model.onnx_data", "b2", path => File.WriteAllBytes(path, new byte[Table * sizeof(float)]));
        Add("onnx/model.onnx", "b1", path => Decoder()
            .External("table", Element.Float, [TestVocabulary, Width], "model.onnx_data", Table * sizeof(float))
            .Node("Gather", ["table", "input_ids"], ["logits"])
            .Node("Cast", ["input_ids"], ["ids"], ("to", (int)Element.Float))
            .Node("Unsqueeze", ["ids", "axis2"], ["column"])
            .Node("Unsqueeze", ["column", "axis1"], ["new"])
            .Node("Concat", ["past_key_values.0.key", "new"], ["present.0.key"], ("axis", 2))
            .Save(path));
        return snapshot;
    }

    private static OnnxWriter Decoder() => new OnnxWriter()
        .Input("input_ids", Element.Int64, "batch", "sequence")
        .Input("past_key_values.0.key", Element.Float, "batch", 1, "past", 1)
        .Constant("axis1", [1], 1L)
        .Constant("axis2", [1], 2L)
        .Output("logits", Element.Float, "batch", "sequence", TestVocabulary)
        .Output("present.0.key", Element.Float, "batch", 1, "all", 1);
}
