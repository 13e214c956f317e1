using LmPlayground.Models.NGram;
using LmPlayground.Models.NGram.Training;
using LmPlayground.Models.Tests.Onnx;

namespace LmPlayground.Models.Tests.NGram;

public sealed class NGramSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NGramTrie _trie;
    private readonly TestCorpus _corpus = TestCorpus.All["a vocabulary with holes"]();

    public NGramSessionTests()
    {
        var path = _folder.Combine("model.ngram");
        File.WriteAllBytes(path, _corpus.Count(new NGramTrainingOptions { Order = 4 }));
        _trie = NGramTrie.Open(path);
    }

    public void Dispose()
    {
        _trie.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Logits_are_the_logarithms_of_probabilities_and_holes_are_impossible()
    {
        using var session = new NGramSession(_trie, []);
        var expected = new double[_trie.VocabularySize];
        var tokens = _corpus.Documents[0];
        var rows = session.Read(tokens);
        Assert.Equal(tokens.Length, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            _trie.Predict(tokens.AsSpan(..(i + 1)), expected);
            for (var id = 0; id < expected.Length; id++)
            {
                if (_corpus.IsToken(id))
                    Assert.Equal(Math.Log(expected[id]), rows[i][id], 1e-5);
                else
                    Assert.Equal(float.NegativeInfinity, rows[i][id]);
            }
        }
    }

    [Fact]
    public void However_tokens_are_divided_over_calls_the_bits_are_the_same()
    {
        int[] tokens = [.. _corpus.Documents.Take(4).SelectMany(d => d)];
        using var whole = new NGramSession(_trie, []);
        using var steps = new NGramSession(_trie, []);
        using var pieces = new NGramSession(_trie, []);
        var expected = whole.Read(tokens);
        Assert.Equal(expected, steps.ReadSteps(tokens));
        Assert.Equal(expected[..5], pieces.Read(tokens.AsSpan(..5)));
        Assert.Equal(expected[5..], pieces.Read(tokens.AsSpan(5..)));
        Assert.Equal((tokens.Length, int.MaxValue), (pieces.Length, pieces.ContextLength));
    }

    [Fact]
    public void Rewinding_to_any_length_forgets_what_followed()
    {
        var tokens = _corpus.Documents[0][..6];
        using var session = new NGramSession(_trie, []);
        var expected = session.Read(tokens);
        session.Read(7, 8, 9);
        for (var length = tokens.Length; length >= 0; length--)
        {
            Assert.Equal(length, session.NearestRewind(length));
            session.RewindTo(length);
            Assert.Equal(length, session.Length);
            if (length < tokens.Length)
            {
                Assert.Equal(expected[length], session.Read(tokens[length])[0]);
                session.RewindTo(length);
            }
        }

        Assert.Equal(0, session.NearestRewind(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.RewindTo(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.RewindTo(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.NearestRewind(-1));
    }

    [Fact]
    public void A_fork_goes_its_own_way_and_outlives_its_parent()
    {
        var parent = new NGramSession(_trie, []);
        parent.Read(0, 1, 2);
        using var fork = parent.Fork();
        parent.Read(5, 6);
        Assert.Equal((3, 5), (fork.Length, parent.Length));
        parent.Dispose();
        using var plain = new NGramSession(_trie, []);
        Assert.Equal(plain.Read(0, 1, 2, 7)[3], fork.Read(7)[0]);
        Assert.Throws<ObjectDisposedException>(() => parent.Forward([1]));
        Assert.Throws<ObjectDisposedException>(() => parent.Fork());
        Assert.Throws<ObjectDisposedException>(() => parent.RewindTo(0));
        parent.Dispose();
    }

    [Fact]
    public void A_long_input_is_read_and_only_its_end_matters()
    {
        using var session = new NGramSession(_trie, []);
        int[] tokens = [.. Enumerable.Range(0, 200_000).Select(i => _corpus.Documents[i % 50][0])];
        session.Read(tokens);
        Assert.Equal(tokens.Length, session.Length);
        using var ending = new NGramSession(_trie, []);
        Assert.Equal(ending.Read([.. tokens[^3..], 7])[^1], session.Read(7)[0]);
    }

    [Fact]
    public void What_is_no_token_and_what_is_cancelled_leaves_the_session_as_it_was()
    {
        using var session = new NGramSession(_trie, []);
        session.Read(0, 1);
        Assert.Throws<ArgumentException>(() => session.Forward([]));
        Assert.Contains("12", Assert.Throws<ArgumentException>(() => session.Forward([1, 12])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => session.Forward([-1]));
        Assert.ThrowsAny<OperationCanceledException>(() => session.Forward([1, 2], new CancellationToken(canceled: true)));
        Assert.Equal(2, session.Length);
        using var plain = new NGramSession(_trie, []);
        Assert.Equal(plain.Read(0, 1, 2)[2], session.Read(2)[0]);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var session = new NGramSession(_trie, []);
        int[] tokens = [1, 2, 5];
        Step(1000);
        session.RewindTo(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Step(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step(int count)
        {
            for (var i = 0; i < count; i++)
                session.Forward(tokens.AsSpan(i % 3, 1));
        }
    }

    [Fact]
    public async Task Sessions_of_one_model_run_side_by_side()
    {
        var tokens = _corpus.Documents[1];
        using var alone = new NGramSession(_trie, []);
        var expected = alone.Read(tokens);
        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var session = new NGramSession(_trie, []);
            return session.ReadSteps(tokens);
        })));
        Assert.All(together, rows => Assert.Equal(expected, rows));
    }
}
