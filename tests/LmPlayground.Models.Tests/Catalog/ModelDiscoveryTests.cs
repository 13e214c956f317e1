using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Tests.Catalog;

public sealed class ModelDiscoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_index_gives_the_order_and_names_and_others_follow_by_name()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
            _folder.Write($"{name}/model.onnx", "12345");
        _folder.Write("notes/readme.txt", "no model");
        _folder.Write("models.json", """{"models": [{"folder": "d", "name": "The D", "summary": "Good."}, {"folder": "b"}]}""");
        using var catalog = Catalog(_folder.Path);
        Assert.Equal(["d", "b", "a", "c"], catalog.Entries.Select(e => e.Id));
        Assert.Equal(["The D", "b", "a", "c"], catalog.Entries.Select(e => e.Name));
        Assert.Equal("Good.", catalog.Entries[0].Summary);
        Assert.All(catalog.Entries, e => Assert.Equal(5, e.SizeInBytes));
        Assert.All(catalog.Entries, e => Assert.False(e.IsEmbedded));
        Assert.Empty(catalog.Problems);
    }

    [Fact]
    public void Embedded_models_come_first_and_equal_names_get_a_number()
    {
        _folder.Write("embedded/a/model.onnx", "");
        _folder.Write("mine/a/onnx/model_q4.onnx", "");
        _folder.Write("more/a/config.json", "{}");
        var options = new ModelCatalogOptions { EmbeddedDirectory = _folder.Combine("embedded") };
        options.Directories.Add(_folder.Combine("mine"));
        options.Directories.Add(_folder.Combine("more", "a"));
        options.Directories.Add(_folder.Combine("mine") + "/");
        using var catalog = new ModelCatalog(options);
        Assert.Equal(["a", "a-2", "a-3"], catalog.Entries.Select(e => e.Id));
        Assert.Equal([true, false, false], catalog.Entries.Select(e => e.IsEmbedded));
    }

    [Fact]
    public void A_broken_index_is_a_problem_but_its_models_are_there()
    {
        _folder.Write("a/model.onnx", "");
        _folder.Write("models.json", """{"models": [""");
        using var catalog = Catalog(_folder.Path);
        Assert.Equal(["a"], catalog.Entries.Select(e => e.Id));
        Assert.Contains("models.json", Assert.Single(catalog.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_listed_folder_that_is_missing_is_a_problem()
    {
        _folder.Write("a/model.onnx", "");
        _folder.Write("models.json", """{"models": [{"folder": "gone"}]}""");
        using var catalog = Catalog(_folder.Path);
        Assert.Contains("\"gone\"", Assert.Single(catalog.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_the_options_that_is_missing_is_a_problem_that_names_it_until_it_is_there()
    {
        var missing = _folder.Combine("missing");
        using var catalog = Catalog(missing);
        Assert.Contains(missing, Assert.Single(catalog.Problems), StringComparison.Ordinal);
        _folder.Write("missing/late/model.onnx", "12345");
        await catalog.RefreshAsync();
        Assert.Empty(catalog.Problems);
        Assert.Equal(("late", 5), catalog.Entries.Select(entry => (entry.Id, entry.SizeInBytes)).Single());
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a\\\\b")]
    [InlineData("C:a")]
    [InlineData("a\\u0000")]
    public void Names_in_an_index_are_plain_folder_names(string name)
    {
        _folder.Write("models.json", $$"""{"models": [{"folder": "{{name}}"}]}""");
        Assert.Contains("no plain folder name", Assert.Throws<ModelLoadException>(() => ModelIndex.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_is_optional_and_checked_wherever_it_is_cut()
    {
        Assert.Null(ModelIndex.Read(_folder.Path));
        const string Whole = """{"models": [{"folder": "a", "name": "A", "summary": "s", "license": "MIT", "prefix": ["x"], "examples": ["y", "z"]}]}""";
        _folder.Write("models.json", Whole);
        var entry = Assert.Single(ModelIndex.Read(_folder.Path)!.Models);
        Assert.Equal(("a", "A", "s", "MIT"), (entry.Folder, entry.Name, entry.Summary, entry.License));
        Assert.Equal(["x"], entry.Prefix);
        Assert.Equal(["y", "z"], entry.Examples);
        for (var length = 0; length < Whole.Length; length++)
        {
            _folder.Write("models.json", Whole[..length]);
            Assert.Throws<ModelLoadException>(() => ModelIndex.Read(_folder.Path));
        }

        _folder.Write("models.json", """{"models": [{"folder": "a"}, {"folder": "a"}]}""");
        Assert.Contains("twice", Assert.Throws<ModelLoadException>(() => ModelIndex.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private static ModelCatalog Catalog(string directory)
    {
        var options = new ModelCatalogOptions();
        options.Directories.Add(directory);
        return new ModelCatalog(options);
    }
}
