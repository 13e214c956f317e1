using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers.Loading;
using LmPlayground.Tokenizers.Tests;

namespace LmPlayground.Models.Tests.Catalog;

public sealed class EmbeddedIndexTests
{
    private static readonly string Directory = TestFiles.EmbeddedModels;

    [Fact]
    public void The_shipped_models_are_all_listed_with_the_transformer_first()
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { EmbeddedDirectory = Directory });
        Assert.Empty(catalog.Problems);
        Assert.Equal("transformer", catalog.Entries[0].Id);
        Assert.All(catalog.Entries, e => Assert.True(e.IsEmbedded));
        Assert.Equal(catalog.Entries.Select(e => e.Id).Order(), ModelIndex.Read(Directory)!.Models.Select(m => m.Folder).Order());
    }

    [Fact]
    public void Every_shipped_model_has_a_summary_a_licence_examples_and_a_prefix_of_tokens_that_its_tokenizer_has()
    {
        foreach (var entry in ModelIndex.Read(Directory)!.Models)
        {
            var tokenizer = TokenizerJson.Load(TestTokenizers.EmbeddedFile(entry.Folder));
            Assert.NotEmpty(entry.Summary);
            Assert.Equal("CC0-1.0", entry.License);
            Assert.NotEmpty(entry.Examples);
            Assert.All(entry.Prefix, token => Assert.NotNull(tokenizer.IdOf(token)));
            Assert.All(entry.Examples, example => Assert.Equal(example, tokenizer.Decode(tokenizer.Ids(example))));
        }
    }
}
