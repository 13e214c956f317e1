using LmPlayground.Models.Catalog;
using LmPlayground.Models.NGram;
using LmPlayground.Tokenizers.Tests;

namespace LmPlayground.Models.Tests.NGram;

/// <summary>The model of stories that comes with the repository.</summary>
public sealed class ShippedModelTests
{
    private static readonly string Directory = TestFiles.EmbeddedModels;

    [Fact]
    public async Task It_is_listed_for_people_and_loads()
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { EmbeddedDirectory = Directory });
        var card = (await catalog.LoadAsync("ngram", TestContext.Current.CancellationToken)).Card;
        Assert.Equal(("Story n-gram", ModelKind.NGram, 4096), (card.Name, card.Kind, card.VocabularySize));
        Assert.Equal([0], card.EndOfSequenceIds);
        Assert.Equal([0], card.PromptPrefixIds);
        Assert.InRange(card.Files.Sum(file => file.Length), 4_000_000, 6_000_000);
        Assert.Equal(
            File.ReadAllBytes(TestTokenizers.EmbeddedFile("transformer")), File.ReadAllBytes(TestTokenizers.EmbeddedFile("ngram")));
    }

    [Fact]
    public void It_is_of_order_four_and_sums_to_one_after_every_token()
    {
        using var trie = NGramTrie.Open(Path.Combine(Directory, "ngram", "model.ngram"));
        Assert.Equal(4, trie.Order);
        int[] ids = [0, .. TestTokenizers.Embedded.Ids("Once upon a time, there was a zebra in \u00E9t\u00E9 \U0001F600 who")];
        var row = new double[trie.VocabularySize];
        for (var length = 0; length <= ids.Length; length++)
        {
            trie.Predict(ids.AsSpan(..length), row);
            Assert.Equal(1, row.Sum(), 1e-9);
            Assert.All(row, probability => Assert.True(probability > 0));
        }
    }

    [Fact]
    public void It_predicts_stories_that_it_was_not_counted_from()
    {
        using var trie = NGramTrie.Open(Path.Combine(Directory, "ngram", "model.ngram"));
        var row = new double[trie.VocabularySize];
        (double nats, var tokens) = (0, 0);
        foreach (var text in SharedText.Documents("valid.txt.gz").Take(100))
        {
            int[] ids = [0, .. TestTokenizers.Embedded.Ids(text, false), 0];
            for (var i = 1; i < ids.Length; i++, tokens++)
            {
                trie.Predict(ids.AsSpan(..i), row);
                nats -= Math.Log(row[ids[i]]);
            }
        }

        Assert.InRange(Math.Exp(nats / tokens), 4, 11);
    }
}
