using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Search;

public class GuidanceTests
{
    private static readonly ImmutableArray<int> Prompt = [1, 2, 3];
    private static readonly ImmutableArray<int> Negative = [7, 8, 9, 10, 11];

    [Fact]
    public void Scale_one_is_the_model_itself()
    {
        var model = new FakeModel();
        Assert.Same(model, GuidedModel.For(model, new GuidanceOptions { Scale = 1, NegativeIds = Negative }, Prompt));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(3)]
    public void Logits_after_the_prompt_are_mixed_from_two_sequences(double scale)
    {
        var model = new FakeModel();
        using var guided = Guided(model, scale).StartSession();
        using var conditional = model.StartSession();
        using var unconditional = model.StartSession();
        Assert.Equal(Row(conditional, 1), Row(guided, 1));
        AssertMixed(Row(conditional, 2, 3), Row(unconditional, [.. Negative]), scale, Row(guided, 2, 3));
        foreach (var token in new[] { 40, 41, 42 })
            AssertMixed(Row(conditional, token), Row(unconditional, token), scale, Row(guided, token));
    }

    [Fact]
    public void Reading_over_the_prompts_end_in_one_piece_mixes_the_rows_after_it()
    {
        var directory = TestFiles.Zoo("gpt2");
        using var model = Models.Onnx.OnnxModelLoader.Load(directory, new Models.Onnx.OnnxLoadOptions(), TestContext.Current.CancellationToken);
        using var loaded = new Loaded(model);
        using var guided = Guided(loaded, 2).StartSession();
        using var conditional = model.StartSession();
        using var unconditional = model.StartSession();
        var c = conditional.Forward([1, 2, 3, 40, 41]);
        var negative = Row(unconditional, [.. Negative]);
        var u = unconditional.Forward([40, 41]);
        var mixed = guided.Forward([1, 2, 3, 40, 41]);
        Assert.Equal(5, mixed.Positions);
        Assert.Equal(c[1], mixed[1]);
        AssertMixed(c[2].ToArray(), negative, 2, mixed[2].ToArray());
        AssertMixed(c[3].ToArray(), u[0].ToArray(), 2, mixed[3].ToArray());
        AssertMixed(c[4].ToArray(), u[1].ToArray(), 2, mixed[4].ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Rewinding_is_as_if_the_rest_had_never_been_read(int length)
    {
        int[] tokens = [.. Prompt, 40, 41, 42];
        using var session = Guided(new FakeModel(), 2).StartSession();
        using var fresh = Guided(new FakeModel(), 2).StartSession();
        foreach (var token in tokens)
            session.Forward([token]);
        session.RewindTo(length);
        Assert.Equal(length, session.Length);
        foreach (var token in tokens[..length])
            fresh.Forward([token]);
        foreach (var token in tokens[length..].Append(50))
            Assert.Equal(Row(fresh, token), Row(session, token));
    }

    [Fact]
    public void With_snapshots_only_lengths_that_both_sequences_have_can_be_gone_back_to()
    {
        // Snapshots every 2 tokens; the second sequence is 2 tokens longer, then 3.
        int[] tokens = [.. Prompt, 40, 41, 42];
        using var even = Guided(new FakeModel { SnapshotEvery = 2 }, 2).StartSession();
        foreach (var token in tokens)
            even.Forward([token]);
        Assert.Equal([0, 0, 2, 2, 4, 4], Enumerable.Range(0, 6).Select(even.NearestRewind));

        using var odd = GuidedModel.For(new FakeModel { SnapshotEvery = 2 }, new GuidanceOptions { Scale = 2, NegativeIds = [.. Negative, 12] }, Prompt).StartSession();
        foreach (var token in tokens)
            odd.Forward([token]);
        Assert.Equal([0, 0, 2, 2, 2, 2], Enumerable.Range(0, 6).Select(odd.NearestRewind));
        Assert.Throws<ArgumentException>(() => odd.RewindTo(4));
        odd.RewindTo(2);
        using var fresh = GuidedModel.For(new FakeModel(), new GuidanceOptions { Scale = 2, NegativeIds = [.. Negative, 12] }, Prompt).StartSession();
        fresh.Forward([1]);
        fresh.Forward([2]);
        Assert.Equal(Row(fresh, 3), Row(odd, 3));
    }

    [Fact]
    public void A_fork_goes_its_own_way()
    {
        var model = new FakeModel();
        using (var session = Guided(model, 2).StartSession())
        {
            session.Forward([.. Prompt]);
            using var fork = session.Fork();
            var expected = Row(fork, 40);
            session.Forward([41]);
            session.RewindTo(3);
            Assert.Equal(expected, Row(session, 40));
        }

        Assert.Equal(0, model.SessionsAlive);
    }

    [Fact]
    public void Cancelling_the_second_pass_leaves_the_length()
    {
        var model = new FakeModel();
        using var session = Guided(model, 2).StartSession();
        session.Forward([.. Prompt]);
        using var cancel = new CancellationTokenSource();
        var passes = 0;
        model.OnForward = (_, _) =>
        {
            if (++passes == 2)
                cancel.Cancel();
        };
        Assert.ThrowsAny<OperationCanceledException>(() => session.Forward([40], cancel.Token));
        Assert.Equal((2, 3), (passes, session.Length));
        using var fresh = Guided(new FakeModel(), 2).StartSession();
        fresh.Forward([.. Prompt]);
        Assert.Equal(Row(fresh, 40), Row(session, 40));
    }

    [Fact]
    public async Task Scale_zero_follows_the_negative_prompt_alone()
    {
        var model = new FakeModel();
        using var engine = new GenerationEngine();
        var request = Runs.Request(model) with { PromptIds = Prompt };
        var expected = await Runs.IdsOf(engine, request with { PromptIds = Negative });

        // The same u at the same position: the prompts must be as long.
        var prompt = Negative.SetItem(0, 99);
        var actual = await Runs.IdsOf(engine, request with { PromptIds = prompt, Model = Guided(model, 0, prompt) });
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Beams_add_up_guided_scores_without_normalising_them()
    {
        // Before anything, two tokens: c = (0.2, 0.8) after the prompt, u = (0.5, 0.5) after the negative one, g = 2: out = ln(c * c / u).
        var model = TinyModels.Of(history => history[0] == 7 ? [0.5, 0.5] : [0.2, 0.8]);
        var guided = GuidedModel.For(model, new GuidanceOptions { Scale = 2, NegativeIds = [7] }, [1, 2]);
        var found = (await TinyModels.Search(guided, new BeamSearchOptions { NumBeams = 2, LengthPenalty = 0 }, 3)).Returned[0];
        Assert.Equal([1, 1, 1], found.Ids);
        Assert.Equal(3 * Math.Log(0.8 * 0.8 / 0.5), found.Score, 1e-5);
        var normalised = 0.8 * 0.8 / (0.8 * 0.8 + 0.2 * 0.2);
        Assert.Equal(3 * Math.Log(normalised), found.LogProbabilities.Sum(), 1e-5);
    }

    [Fact]
    public async Task Forgetting_the_model_forgets_its_guided_sequences()
    {
        var model = new FakeModel();
        using var engine = new GenerationEngine();
        await Runs.IdsOf(engine, Runs.Request(model) with { PromptIds = Prompt, Model = Guided(model, 2) });
        Assert.Equal(2, model.SessionsAlive);
        engine.Forget(model);
        Assert.Equal(0, model.SessionsAlive);
    }

    [Fact]
    public async Task A_longer_negative_prompt_takes_its_room_from_the_context()
    {
        var model = new FakeModel(contextLength: 12);
        var guided = Guided(model, 2);
        Assert.Equal(10, guided.Card.ContextLength);
        using var engine = new GenerationEngine();
        Assert.Equal(7, (await Runs.IdsOf(engine, Runs.Request(guided, tokens: 50) with { PromptIds = Prompt })).Length);
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        var model = new FakeModel(contextLength: 12);
        foreach (var scale in new[] { -1, double.NaN, double.PositiveInfinity })
            Assert.Contains("guidance_scale", Assert.Throws<SettingException>(() => Guided(model, scale)).Message, StringComparison.Ordinal);
        var tooLong = new GuidanceOptions { Scale = 2, NegativeIds = [.. Enumerable.Range(0, 20)] };
        Assert.StartsWith("Negative prompt", Assert.Throws<PromptException>(() => GuidedModel.For(model, tooLong, Prompt)).Message, StringComparison.Ordinal);
    }

    private static ILanguageModel Guided(ILanguageModel model, double scale, ImmutableArray<int>? prompt = null) =>
        GuidedModel.For(model, new GuidanceOptions { Scale = scale, NegativeIds = Negative }, prompt ?? Prompt);

    private static float[] Row(IDecoderSession session, params int[] tokens) => session.Forward(tokens).Last.ToArray();

    private static void AssertMixed(float[] c, float[] u, double scale, float[] mixed)
    {
        double cSum = Math.Log(c.Sum(x => Math.Exp(x))), uSum = Math.Log(u.Sum(x => Math.Exp(x)));
        for (var id = 0; id < c.Length; id++)
        {
            var expected = u[id] - uSum + scale * (c[id] - cSum - (u[id] - uSum));
            Assert.Equal(expected, mixed[id], 1e-4);
        }
    }

    private sealed class Loaded(Models.Onnx.Sessions.OnnxDecoder decoder) : ILanguageModel
    {
        public ModelCard Card { get; } = new FakeModel().Card with { VocabularySize = decoder.VocabularySize, ContextLength = decoder.ContextLength };

        public ModelTokenizer Tokenizer => throw new NotSupportedException();

        public IDecoderSession StartSession() => decoder.StartSession();

        public void Dispose()
        {
        }
    }
}
