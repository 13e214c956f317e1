using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Masking;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests.Masking;

/// <summary>Predicting, filling and scoring with a model that is known.</summary>
public sealed class MaskedTextRunTests : IDisposable
{
    private const int Size = 12;
    private readonly GenerationEngine _engine = new();

    [Theory]
    [InlineData("a_b_c__d", 5)]
    [InlineData("____", 6)]
    [InlineData("_", 7)]
    public async Task Filling_from_left_to_right_is_one_draw_after_another_over_what_was_filled(string text, int seed)
    {
        var model = new FakeMaskedModel();
        var steps = await Steps(model, text, MaskedTask.Fill, seed: (ulong)seed);

        var ids = MaskedText.Read(model, text).Ids.ToArray();
        var at = 0;
        for (var position = 0; position < ids.Length; position++)
        {
            if (ids[position] != 0)
                continue;
            var expected = Draw(model.Logits(ids, position), [.. ids[(position + 1)..], .. ids[..position]], (ulong)seed, position);
            Assert.Equal((position, expected), (steps[at].Position, steps[at].Id));
            ids[position] = expected;
            at++;
        }

        Assert.Equal(at, steps.Length);
    }

    [Fact]
    public async Task Predicting_draws_every_mask_from_one_look_at_the_text()
    {
        var model = new FakeMaskedModel();
        var steps = await Steps(model, "a_b__", MaskedTask.Predict);
        var ids = MaskedText.Read(model, "a_b__").Ids.ToArray();
        Assert.Equal(["^a_b__$"], model.Seen);
        Assert.Equal([2, 4, 5], steps.Select(step => step.Position));
        Assert.All(steps, step => Assert.Equal(Draw(model.Logits(ids, step.Position), [.. ids[(step.Position + 1)..], .. ids[..step.Position]], 5, step.Position), step.Id));
    }

    [Fact]
    public async Task The_most_certain_mask_comes_first_given_all_fills_so_far()
    {
        // The last mask is certain at once; the first becomes certain when the last is known; the middle one never does.
        var model = new FakeMaskedModel((ids, position) => position switch
        {
            3 => Certain(5, 9),
            1 when ids[3] == 5 => Certain(6, 4),
            1 => Certain(6, 0.5f),
            _ => Certain(7, 1),
        });
        var steps = await Steps(model, "___", MaskedTask.Fill, FillOrder.MostCertain, new SamplingOptions().With(TemperatureStage.Temperature, 0));
        Assert.Equal([(3, 5), (1, 6), (2, 7)], steps.Select(step => (step.Position, step.Id)));
        Assert.Equal(["^___$", "^__c$", "^d_c$"], model.Seen);
    }

    [Fact]
    public async Task Of_equally_certain_masks_the_first_comes_first()
    {
        var model = new FakeMaskedModel((_, _) => Certain(5, 1));
        var steps = await Steps(model, "a__", MaskedTask.Fill, FillOrder.MostCertain);
        Assert.Equal([2, 3], steps.Select(step => step.Position));
    }

    [Fact]
    public async Task A_score_hides_each_token_in_turn_and_leaves_special_ones_out()
    {
        var model = new FakeMaskedModel();
        using var run = Run(model, "ab_c", MaskedTask.Score);
        var steps = await ToEnd(run);
        Assert.Equal(["^_b_c$", "^a__c$", "^ab__$"], model.Seen);
        Assert.Equal([3, 4, 5], steps.Select(step => step.Id));
        Assert.Equal(["a", "b", "c"], steps.Select(step => step.Text));
        var total = 0.0;
        foreach (var step in steps)
        {
            var ids = MaskedText.Read(model, "ab_c").Ids.ToArray();
            ids[step.Position] = 0;
            var logits = model.Logits(ids, step.Position);
            var bits = -Math.Log2(Math.Exp(logits[step.Id]) / logits.Sum(logit => Math.Exp(logit)));
            Assert.Equal(bits, step.Surprisal, 1e-9);
            total += bits;
        }

        Assert.Equal(total, run.Summary!.Bits, 1e-9);
        Assert.Equal(total / 3, run.Summary.BitsPerCharacter, 1e-9);
    }

    [Fact]
    public async Task A_uniform_model_takes_the_logarithm_of_its_vocabulary_for_each_token()
    {
        using var run = Run(new FakeMaskedModel((_, _) => new float[Size]), "abc", MaskedTask.Score);
        await ToEnd(run);
        Assert.Equal(3 * Math.Log2(Size), run.Summary!.Bits, 1e-9);
    }

    [Fact]
    public async Task Penalties_see_the_whole_text_on_both_sides_of_the_mask()
    {
        var penalty = SamplingStages.Parameters.Single(parameter => parameter.Name == "frequency_penalty");
        var options = new SamplingOptions().With(penalty, 2).With(TemperatureStage.Temperature, 0);
        options = options with { Order = options.Order.Including("frequency_penalty") };
        var model = new FakeMaskedModel((_, _) => [0, 0, 0, 3, 3, 2, 0, 0, 0, 0, 0, 0]);
        var steps = await Steps(model, "a_b", MaskedTask.Fill, options: options);
        Assert.Equal(5, Assert.Single(steps).Id);
    }

    [Theory]
    [InlineData(MaskedTask.Fill, "abc", "has no _")]
    [InlineData(MaskedTask.Predict, "abc", "has no _")]
    [InlineData(MaskedTask.Score, "__", "no token to score")]
    public async Task A_text_with_nothing_to_do_is_refused(MaskedTask task, string text, string reason)
    {
        var error = await Assert.ThrowsAsync<PromptException>(() => Steps(new FakeMaskedModel(), text, task));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_empty_or_too_long_are_refused_with_what_to_do()
    {
        Assert.Contains("empty", Assert.Throws<PromptException>(() => MaskedText.Read(new FakeMaskedModel(), "")).Message, StringComparison.Ordinal);
        Assert.Contains("by 1 tokens", Assert.Throws<PromptException>(() => MaskedText.Read(new FakeMaskedModel(), new string('a', 15))).Message, StringComparison.Ordinal);
        Assert.Equal(16, MaskedText.Read(new FakeMaskedModel(), new string('a', 14)).Tokens.Length);
    }

    [Fact]
    public async Task A_cancelled_run_keeps_what_it_filled()
    {
        using var cancelled = new CancellationTokenSource();
        var model = new FakeMaskedModel();
        using var run = Run(model, "___", MaskedTask.Fill);
        model.OnPredict = () =>
        {
            if (model.Seen.Count == 2)
                cancelled.Cancel();
        };
        var steps = new List<TokenStep>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var step in run.WithCancellation(cancelled.Token))
                steps.Add(step);
        });
        Assert.Equal(2, steps.Count);
        Assert.True(run.Summary!.IsCancelled);
        Assert.Equal(2, run.Summary.Steps);
        Assert.EndsWith("_", run.Summary.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MaskedTask.Fill, 512 << 20)]
    [InlineData(MaskedTask.Predict, 512 << 20)]
    [InlineData(MaskedTask.Score, 512 << 20)]
    [InlineData(MaskedTask.Fill, 0)]
    [InlineData(MaskedTask.Predict, 0)]
    [InlineData(MaskedTask.Score, 0)]
    public async Task A_review_with_the_same_settings_gives_the_same_steps_also_when_logits_were_let_go(MaskedTask task, long kept)
    {
        using var engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = kept });
        using var run = new MaskedTextRun(engine, Request(new FakeMaskedModel(), "a_b_c", task, FillOrder.MostCertain));
        var steps = await ToEnd(run);
        var review = new MaskedReview(run, steps);
        for (var index = 0; index < steps.Length; index++)
        {
            var again = review.Inspect(index, Runs.Warm, TestContext.Current.CancellationToken);
            Assert.Equal((steps[index].Id, steps[index].Draw, steps[index].SampledProbability), (again.Id, again.Draw, again.SampledProbability));
            Assert.Equal(steps[index].Top, again.Top);
            Assert.Equal(steps[index].Stages, again.Stages);
        }

        var outcomes = review.Compare(Runs.Warm, TestContext.Current.CancellationToken);
        Assert.Equal(kept == 0 ? 0 : steps.Length, outcomes.Length);
        Assert.All(outcomes, outcome => Assert.Equal(steps[outcome.Index].Draw.Id, outcome.DrawnId));
    }

    [Fact]
    public void A_fill_stands_in_the_text_as_it_was_written()
    {
        var text = MaskedText.Read(new FakeMaskedModel(), "a _b_");
        Assert.Equal("a cb_", text.Fill(new Dictionary<int, int> { [3] = 5 }));
        Assert.Equal(["a ", "c", "b", "d", ""], text.Parts(new Dictionary<int, int> { [3] = 5, [5] = 6 }).Select(part => part.Text));
    }

    public void Dispose() => _engine.Dispose();

    private static float[] Certain(int id, float logit)
    {
        var logits = new float[Size];
        logits[id] = logit;
        return logits;
    }

    private static int Draw(float[] logits, int[] history, ulong seed, int position)
    {
        var chain = new SamplerChain(Runs.Warm);
        chain.Run(logits, new SamplingContext(history, 0, seed, position));
        return TokenSampler.Draw(chain.Candidates, seed, position).Id;
    }

    private static MaskedRequest Request(FakeMaskedModel model, string text, MaskedTask task, FillOrder order = default, SamplingOptions? options = null, ulong seed = 5) => new()
    {
        Model = model,
        Text = MaskedText.Read(model, text),
        Task = task,
        Order = order,
        Sampling = options ?? Runs.Warm,
        Seed = seed,
        TopCandidates = 4,
    };

    private MaskedTextRun Run(FakeMaskedModel model, string text, MaskedTask task) => new MaskedTextRun(_engine, Request(model, text, task));

    private async Task<TokenStep[]> Steps(
        FakeMaskedModel model, string text, MaskedTask task, FillOrder order = default, SamplingOptions? options = null, ulong seed = 5)
    {
        using var run = new MaskedTextRun(_engine, Request(model, text, task, order, options, seed));
        return await ToEnd(run);
    }

    private static async Task<TokenStep[]> ToEnd(MaskedTextRun run)
    {
        var steps = new List<TokenStep>();
        await foreach (var step in run.WithCancellation(TestContext.Current.CancellationToken))
            steps.Add(step);
        return [.. steps];
    }
}
