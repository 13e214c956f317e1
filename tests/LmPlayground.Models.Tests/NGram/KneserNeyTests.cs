using LmPlayground.Models.NGram;
using LmPlayground.Models.NGram.Training;
using LmPlayground.Tokenizers.Tests;

namespace LmPlayground.Models.Tests.NGram;

public sealed class KneserNeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> CorporaAndOrders
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (var corpus in TestCorpus.All.Keys)
            {
                for (var order = 1; order <= NGramTrainingOptions.GreatestOrder; order++)
                    data.Add(corpus, order);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(CorporaAndOrders))]
    public void Every_probability_is_the_references_and_those_of_a_context_sum_to_one(string name, int order)
    {
        var corpus = TestCorpus.All[name]();
        var reference = corpus.Reference(order);
        using var trie = Open(corpus.Count(new NGramTrainingOptions { Order = order, WeightBits = NGramTrainingOptions.FloatBits }));
        var row = new double[trie.VocabularySize];
        foreach (var context in corpus.Contexts(order))
        {
            trie.Predict(context, row);
            Assert.Equal(1, row.Sum(), 1e-9);
            for (var id = 0; id < row.Length; id++)
            {
                var expected = reference.Probability(context, id);
                Assert.True(Math.Abs(row[id] - expected) <= 1e-6 * expected, $"p({id} | {ReferenceKneserNey.Key(context)}) is {row[id]}, not {expected}");
                Assert.Equal(corpus.IsToken(id), row[id] > 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CorporaAndOrders))]
    public void Rounding_to_few_bits_changes_little_and_never_the_sum(string name, int order)
    {
        var corpus = TestCorpus.All[name]();
        var reference = corpus.Reference(order);
        foreach (var (bits, most) in ((int, double)[])[(1, 1e9), (6, 0.2), (16, 1e-3)])
        {
            using var trie = Open(corpus.Count(new NGramTrainingOptions { Order = order, WeightBits = bits }));
            var row = new double[trie.VocabularySize];
            foreach (var context in corpus.Contexts(order))
            {
                trie.Predict(context, row);
                Assert.Equal(1, row.Sum(), 1e-9);
                for (var id = 0; id < row.Length; id++)
                {
                    var expected = reference.Probability(context, id);
                    Assert.True(Math.Abs(row[id] - expected) <= most * expected, $"{bits} bits: {row[id]}, not {expected}");
                    Assert.Equal(corpus.IsToken(id), row[id] > 0);
                }
            }
        }
    }

    [Fact]
    public void Discounts_are_those_of_the_formulas_or_the_fallback()
    {
        // n_1 = 8, n_2 = 4, n_3 = 2, n_4 = 1, so that Y = 1/2: worked out by hand.
        int[] counts = [.. Enumerable.Repeat(1, 8), .. Enumerable.Repeat(2, 4), 3, 3, 4, 9, 0, 0];
        Assert.Equal(new Discounts(0.5, 1.25, 2), Discounts.Of(counts));
        Assert.Equal([0, 0.5, 1.25, 2, 2], Enumerable.Range(0, 5).Select(Discounts.Of(counts).For));

        Assert.Equal(Discounts.Fallback, Discounts.Of([]));
        Assert.Equal(Discounts.Fallback, Discounts.Of([1, 1, 1]));
        Assert.Equal(Discounts.Fallback, Discounts.Of([1, 2, 3]));

        // n_3 so large that the discount of two is negative.
        Assert.Equal(Discounts.Fallback, Discounts.Of([1, 1, 2, .. Enumerable.Repeat(3, 9), 4]));
    }

    [Fact]
    public void A_boundary_inside_a_document_parts_it_and_empty_documents_count_nothing()
    {
        var corpus = new TokenCorpus(9, 0, 1);
        corpus.Add([2, 3, 1, 4, 0, 0, 1, 5]);
        corpus.Add([]);
        corpus.Add([1]);
        Assert.Equal([0, 2, 3, 1, 0, 4, 1, 0, 5, 1], corpus.Ids.ToArray());
        Assert.Equal([0, 4, 7], corpus.DocumentStarts);
    }

    [Fact]
    public void A_held_out_text_is_predicted_as_by_the_reference_on_the_same_counts()
    {
        var tokenizer = TestTokenizers.Embedded;
        TestCorpus corpus = new(tokenizer.VocabularySize, 0, 0, SharedText.Documents("train.txt.gz").Take(1000).Select(text => tokenizer.Ids(text, false)));
        int[][] heldOut = [.. SharedText.Documents("valid.txt.gz").Take(60).Select(text => (int[])[0, .. tokenizer.Ids(text, false), 0])];
        foreach (var order in (int[])[2, 5])
        {
            var reference = corpus.Reference(order);
            using var exact = Open(corpus.Count(new NGramTrainingOptions { Order = order, WeightBits = NGramTrainingOptions.FloatBits }));
            using var rounded = Open(corpus.Count(new NGramTrainingOptions { Order = order }));
            var row = new double[tokenizer.VocabularySize];
            double expected = 0, actual = 0, actualRounded = 0;
            var tokens = 0;
            foreach (var document in heldOut)
            {
                for (var i = 1; i < document.Length; i++, tokens++)
                {
                    expected -= Math.Log(reference.Probability(document.AsSpan(0, i), document[i]));
                    exact.Predict(document.AsSpan(0, i), row);
                    actual -= Math.Log(row[document[i]]);
                    rounded.Predict(document.AsSpan(0, i), row);
                    actualRounded -= Math.Log(row[document[i]]);
                }
            }

            var perplexity = Math.Exp(expected / tokens);
            Assert.Equal(perplexity, Math.Exp(actual / tokens), perplexity * 1e-5);
            Assert.Equal(perplexity, Math.Exp(actualRounded / tokens), perplexity * 0.01);
        }
    }

    [Fact]
    public void The_same_text_gives_the_same_bytes()
    {
        foreach (var corpus in TestCorpus.All.Values)
        {
            var options = new NGramTrainingOptions { Order = 4, PruningThreshold = 1e-3 };
            Assert.Equal(corpus().Count(options), corpus().Count(options));
        }
    }

    private NGramTrie Open(byte[] bytes)
    {
        var path = _folder.Combine("model.ngram");
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
        return NGramTrie.Open(path);
    }
}
