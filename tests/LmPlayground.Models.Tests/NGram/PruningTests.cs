using LmPlayground.Models.NGram;
using LmPlayground.Models.NGram.Training;

namespace LmPlayground.Models.Tests.NGram;

public sealed class PruningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Corpora => [.. TestCorpus.All.Keys];

    /// <summary>Without a begin token, the beginning of a document counts once among what is in front of an n-gram, however often it is there.</summary>
    public static TheoryData<string> CorporaWithBeginnings => [.. TestCorpus.All.Where(pair => pair.Value().Corpus.BeginId is not null).Select(pair => pair.Key)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Corpora))]
    public void What_was_pruned_and_written_predicts_as_the_reference_without_those_n_grams(string name)
    {
        var corpus = TestCorpus.All[name]();
        var counts = NGramCounter.Count(corpus.Corpus, 4, null, TestContext.Current.CancellationToken);
        var pruning = RelativeEntropyPruning.Of(new KneserNeyModel(counts), corpus.IsToken, TestContext.Current.CancellationToken);
        foreach (var threshold in (double[])[1e-6, 1e-4, 1e-3, 1e-2, double.MaxValue])
        {
            var kept = pruning.Keep(threshold);
            HashSet<string> removed = [.. Keys(counts).Where(gram => !kept[gram.Level][gram.Place]).Select(gram => gram.Key)];
            var reference = corpus.Reference(4, removed);
            using var trie = Write(corpus, counts, kept);
            var row = new double[trie.VocabularySize];
            foreach (var context in corpus.Contexts(4))
            {
                trie.Predict(context, row);
                Assert.Equal(1, row.Sum(), 1e-9);
                for (var id = 0; id < row.Length; id++)
                    Assert.Equal(reference.Probability(context, id), row[id], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CorporaWithBeginnings))]
    public void Without_any_n_gram_of_the_highest_order_the_model_is_that_of_the_order_below(string name)
    {
        var corpus = TestCorpus.All[name]();
        var counts = NGramCounter.Count(corpus.Corpus, 4, null, TestContext.Current.CancellationToken);
        bool[][] kept = [.. counts.Levels.Select((level, index) => Enumerable.Repeat(index < 3, level.Count).ToArray())];
        var below = corpus.Reference(3);
        using var trie = Write(corpus, counts, kept);
        var row = new double[trie.VocabularySize];
        foreach (var context in corpus.Contexts(3))
        {
            trie.Predict(context, row);
            for (var id = 0; id < row.Length; id++)
                Assert.Equal(below.Probability(context, id), row[id], 1e-6);
        }
    }

    [Fact]
    public void What_an_n_gram_is_worth_is_the_relative_entropy_that_leaving_it_out_costs()
    {
        var corpus = TestCorpus.All["one boundary token, as in GPT-2"]();
        var counts = NGramCounter.Count(corpus.Corpus, 3, null, TestContext.Current.CancellationToken);
        var model = new KneserNeyModel(counts);
        var pruning = RelativeEntropyPruning.Of(model, corpus.IsToken, TestContext.Current.CancellationToken);
        var reference = corpus.Reference(3);
        double total = corpus.Documents.Sum(document => document.Length - 1);
        var compared = 0;
        foreach (var (level, place, key, context) in Keys(counts).Where(gram => gram.Level == 2))
        {
            int[] tokens = [.. key.Split(' ').Select(int.Parse)];
            var (keptWeight, left) = model.Context(1, context);
            var share = model.Weight(2, place) / (keptWeight + left);
            var divergence = corpus.Tokens.Sum(id =>
            {
                var before = reference.Probability(tokens.AsSpan(..2), id);
                var after = before - (id == tokens[2] ? share : 0) + share * reference.Probability(tokens.AsSpan(1..2), id);
                return before * Math.Log(before / after);
            });
            var frequency = corpus.Documents.Sum(d => Enumerable.Range(0, d.Length - 2).Count(i => d[i] == tokens[0] && d[i + 1] == tokens[1])) / total;
            var expected = frequency * divergence;

            // The loss is where the n-gram begins to be left out; first order in what the others gain.
            if (share > 0.1)
                continue;
            compared++;
            Assert.True(pruning.Keep(expected * 0.7)[level][place], $"{key} is worth {expected}");
            Assert.False(pruning.Keep(expected * 1.3)[level][place], $"{key} is worth {expected}");
        }

        Assert.True(compared > 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(32)]
    public void A_model_is_as_large_as_asked_and_no_smaller_than_need_be(int bits)
    {
        var corpus = TestCorpus.All["two boundary tokens, as in Llama"]();
        var whole = corpus.Count(new NGramTrainingOptions { Order = 5, WeightBits = bits }).Length;
        var least = corpus.Count(new NGramTrainingOptions { Order = 5, WeightBits = bits, PruningThreshold = double.MaxValue }).Length;
        Assert.True(least < whole / 2);
        foreach (var part in (double[])[0, 0.3, 0.7, 0.95, 1.5])
        {
            var most = least + (long)((whole - least) * part);
            var length = corpus.Count(new NGramTrainingOptions { Order = 5, WeightBits = bits, MaxBytes = most }).Length;

            // N-grams that are worth the same go together, and this text has few.
            Assert.InRange(length, Math.Min(whole, most * 0.9), most);
        }

        Assert.Contains("cannot be as small", Assert.Throws<InvalidDataException>(() => corpus.Count(new NGramTrainingOptions { MaxBytes = 100 })).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(int Level, int Place, string Key, int Context)> Keys(NGramCounts counts)
    {
        string[] keys = [.. counts.Levels[0].Tokens.Select(token => $"{token}")];
        for (var level = 1; level < counts.Order; level++)
        {
            var longer = new string[counts.Levels[level].Count];
            for (var context = 0; context < keys.Length; context++)
            {
                for (var place = counts.Levels[level - 1].FirstChild[context]; place < counts.Levels[level - 1].FirstChild[context + 1]; place++)
                {
                    longer[place] = $"{keys[context]} {counts.Levels[level].Tokens[place]}";
                    yield return (level, place, longer[place], context);
                }
            }

            keys = longer;
        }
    }

    private NGramTrie Write(TestCorpus corpus, NGramCounts counts, bool[][] kept)
    {
        var model = new KneserNeyModel(counts, kept);
        var path = _folder.Combine($"{Guid.NewGuid():N}.ngram");
        File.WriteAllBytes(path, NGramWriter.Write(model, model.Unigrams(corpus.IsToken), NGramTrainingOptions.FloatBits, TestContext.Current.CancellationToken));
        return NGramTrie.Open(path);
    }
}
