using LmPlayground.Models.NGram.Training;

namespace LmPlayground.Models.Tests.NGram;

/// <summary>Documents of made-up tokens, as the counter and as the reference take them.</summary>
internal sealed class TestCorpus
{
    private readonly List<int[]> _documents = [];

    public TestCorpus(int vocabulary, int? begin, int? end, params IEnumerable<int[]> documents)
    {
        Corpus = new TokenCorpus(vocabulary, begin, end);
        foreach (var document in documents)
        {
            Corpus.Add(document);
            _documents.Add([.. begin is { } b ? (int[])[b] : [], .. document, .. end is { } e ? (int[])[e] : []]);
        }
    }

    public TokenCorpus Corpus { get; }

    /// <summary>Ids that are no tokens.</summary>
    public HashSet<int> Holes { get; init; } = [];

    public IReadOnlyList<int[]> Documents => _documents;

    public IEnumerable<int> Tokens => Enumerable.Range(0, Corpus.VocabularySize).Where(IsToken);

    /// <summary>The corpora that every order is tried on.</summary>
    public static IReadOnlyDictionary<string, Func<TestCorpus>> All { get; } = new Dictionary<string, Func<TestCorpus>>
    {
        ["one boundary token, as in GPT-2"] = () => Random(9, 0, 0, documents: 60, length: 25, seed: 1),
        ["two boundary tokens, as in Llama"] = () => Random(9, 0, 1, documents: 60, length: 25, seed: 2),
        ["no boundary tokens"] = () => Random(6, null, null, documents: 20, length: 40, seed: 3),
        ["an end without a beginning"] = () => Random(6, null, 5, documents: 20, length: 40, seed: 4),
        ["a vocabulary with holes"] = () => Random(12, 0, 0, documents: 60, length: 25, seed: 5, holes: [3, 4, 11]),
        ["a token that is never seen"] = () => new TestCorpus(40, 0, 0, Random(9, 0, 0, 30, 30, 6).Documents.Select(d => d[1..^1])),
        ["one token"] = () => new TestCorpus(3, 0, 0, [2]),
        ["one token without boundaries"] = () => new TestCorpus(1, null, null, [0]),
        ["the same document again and again: no counts of one"] = () => new TestCorpus(8, 0, 0, Enumerable.Repeat<int[]>([1, 2, 3, 4, 5, 1, 2, 7], 9)),
        ["one token repeated"] = () => new TestCorpus(4, 0, 0, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1]),
        ["documents shorter than the order"] = () => new TestCorpus(6, 0, 1, [2], [3], [2, 4], [2], [5, 5, 5]),
    };

    public bool IsToken(int id) => !Holes.Contains(id);

    public ReferenceKneserNey Reference(int order, HashSet<string>? removed = null) => new(Documents, order, Corpus.BeginId, Tokens, removed);

    public byte[] Count(NGramTrainingOptions options) => NGramTrainer.Count(Corpus, IsToken, options, null, TestContext.Current.CancellationToken).Bytes;

    /// <summary>Contexts that are in the text, that are not, and that are half in it.</summary>
    public IEnumerable<int[]> Contexts(int longest)
    {
        var random = new Random(17);
        yield return [];
        for (var i = 0; i < 60; i++)
        {
            var document = Documents[random.Next(Documents.Count)];
            var end = random.Next(document.Length + 1);
            yield return document[Math.Max(0, end - random.Next(longest + 2))..end];
        }

        for (var i = 0; i < 60; i++)
            yield return [.. Enumerable.Range(0, random.Next(longest + 3)).Select(_ => random.Next(Corpus.VocabularySize))];
    }

    /// <summary>Documents in which some tokens follow others often and some n-grams come once.</summary>
    private static TestCorpus Random(int vocabulary, int? begin, int? end, int documents, int length, int seed, params int[] holes)
    {
        var random = new Random(seed);
        int[] usable = [.. Enumerable.Range(0, vocabulary).Where(id => id != begin && id != end && !holes.Contains(id))];
        int[] Document()
        {
            var document = new int[1 + random.Next(length)];
            for (var i = 0; i < document.Length; i++)
            {
                var habit = i == 0 ? 0 : document[i - 1] + (i > 1 ? document[i - 2] : 0);
                document[i] = usable[(random.NextDouble() < 0.7 ? habit : random.Next(usable.Length)) % usable.Length];
            }

            return document;
        }

        return new TestCorpus(vocabulary, begin, end, Enumerable.Range(0, documents).Select(_ => Document())) { Holes = [.. holes] };
    }
}
