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
        TestCorpus corpus = TestCorpus.All[name]();
        NGramCounts counts = NGramCounter.Count(corpus.Corpus, 4, null, TestContext.Current.CancellationToken);
        var pruning = RelativeEntropyPruning.Of(new KneserNeyModel(counts), corpus.IsToken, TestContext.Current.CancellationToken);
        foreach (double threshold in (double[])[1e-6, 1e-4, 1e-3, 1e-2, double.MaxValue])
        {
            bool[][] kept = pruning.Keep(threshold);
            HashSet<string> removed = [.. Keys(counts).Where(gram => !kept[gram.Level][gram.Place]).Select(gram => gram.Key)];
            ReferenceKneserNey reference = corpus.Reference(4, removed);
            using NGramTrie trie = Write(corpus, counts, kept);
            double[] row = new double[trie.VocabularySize];
            foreach (int[] context in corpus.Contexts(4))
            {
                trie.Predict(context, row);
                Assert.Equal(1, row.Sum(), 1e-9);
                for (int id = 0; id < row.Length; id++)
                    Assert.Equal(reference.Probability(context, id), row[id], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CorporaWithBeginnings))]
    public void Without_any_n_gram_of_the_highest_order_the_model_is_that_of_the_order_below(string name)
    {
        TestCorpus corpus = TestCorpus.All[name]();
        NGramCounts counts = NGramCounter.Count(corpus.Corpus, 4, null, TestContext.Current.CancellationToken);
        bool[][] kept = [.. counts.Levels.Select((level, index) => Enumerable.Repeat(index < 3, level.Count).ToArray())];
        ReferenceKneserNey below = corpus.Reference(3);
        using NGramTrie trie = Write(corpus, counts, kept);
        double[] row = new double[trie.VocabularySize];
        foreach (int[] context in corpus.Contexts(3))
        {
            trie.Predict(context, row);
            for (int id = 0; id < row.Length; id++)
                Assert.Equal(below.Probability(context, id), row[id], 1e-6);
        }
    }

    [Fact]
    public void What_an_n_gram_is_worth_is_the_relative_entropy_that_leaving_it_out_costs()
    {
        TestCorpus corpus = TestCorpus.All["one boundary token, as in GPT-2"]();
        NGramCounts counts = NGramCounter.Count(corpus.Corpus, 3, null, TestContext.Current.CancellationToken);
        var model = new KneserNeyModel(counts);
        var pruning = RelativeEntropyPruning.Of(model, corpus.IsToken, TestContext.Current.CancellationToken);
        ReferenceKneserNey reference = corpus.Reference(3);
        double total = corpus.Documents.Sum(document => document.Length - 1);
        int compared = 0;
        foreach ((int level, int place, string key, int context) in Keys(counts).Where(gram => gram.Level == 2))
        {
            int[] tokens = [.. key.Split(' ').Select(int.Parse)];
            (double keptWeight, double left) = model.Context(1, context);
            double share = model.Weight(2, place) / (keptWeight + left);
            double divergence = corpus.Tokens.Sum(id =>
            {
                double before = reference.Probability(tokens.AsSpan(..2), id);
                double after = before - (id == tokens[2] ? share : 0) + share * reference.Probability(tokens.AsSpan(1..2), id);
                return before * Math.Log(before / after);
            });
            double frequency = corpus.Documents.Sum(d => Enumerable.Range(0, d.Length - 2).Count(i => d[i] == tokens[0] && d[i + 1] == tokens[1])) / total;
            double expected = frequency * divergence;

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
        TestCorpus corpus = TestCorpus.All["two boundary tokens, as in Llama"]();
        int whole = corpus.Count(new NGramTrainingOptions { Order = 5, WeightBits = bits }).Length;
        int least = corpus.Count(new NGramTrainingOptions { Order = 5, WeightBits = bits, PruningThreshold = double.MaxValue }).Length;
        Assert.True(least < whole / 2);
        foreach (double part in (double[])[0, 0.3, 0.7, 0.95, 1.5])
        {
            long most = least + (long)((whole - least) * part);
            int length = corpus.Count(new NGramTrainingOptions { Order = 5, WeightBits = bits, MaxBytes = most }).Length;

            // N-grams that are worth the same go together, and this text has few.
            Assert.InRange(length, Math.Min(whole, most * 0.9), most);
        }

        Assert.Contains("cannot be as small", Assert.Throws<InvalidDataException>(() => corpus.Count(new NGramTrainingOptions { MaxBytes = 100 })).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(int Level, int Place, string Key, int Context)> Keys(NGramCounts counts)
    {
        string[] keys = [.. counts.Levels[0].Tokens.Select(token => $"{token}")];
        for (int level = 1; level < counts.Order; level++)
        {
            string[] longer = new string[counts.Levels[level].Count];
            for (int context = 0; context < keys.Length; context++)
            {
                for (int place = counts.Levels[level - 1].FirstChild[context]; place < counts.Levels[level - 1].FirstChild[context + 1]; place++)
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
        string path = _folder.Combine($"{Guid.NewGuid():N}.ngram");
        File.WriteAllBytes(path, NGramWriter.Write(model, model.Unigrams(corpus.IsToken), NGramTrainingOptions.FloatBits, TestContext.Current.CancellationToken));
        return NGramTrie.Open(path);
    }
}
