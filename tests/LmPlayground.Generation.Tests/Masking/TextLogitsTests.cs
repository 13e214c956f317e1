using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Masking;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests.Masking;

/// <summary>The logits of a whole text stay within the memory of logits, together with all that is kept and all that others have borrowed.</summary>
public class TextLogitsTests
{
    // "^a_b_$" has six tokens.
    private const string Text = "a_b_";
    private static readonly int Row = FakeMaskedModel.Alphabet.Length * sizeof(float);
    private static readonly int All = 6 * Row;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MaskedTask.Fill)]
    [InlineData(MaskedTask.Predict)]
    [InlineData(MaskedTask.Score)]
    public async Task A_text_that_does_not_fit_is_refused_in_words_before_the_model_runs(MaskedTask task)
    {
        using var engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = All - 1, UsualTextBytes = All - 1 });
        var model = new FakeMaskedModel();
        using var run = new MaskedTextRun(engine, Request(model, task));
        var error = await Assert.ThrowsAsync<PromptException>(() => ToEnd(run));
        Assert.Contains("6 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("Generation:KeptLogitsBytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(model.Seen);
    }

    [Theory]
    [InlineData(MaskedTask.Fill)]
    [InlineData(MaskedTask.Predict)]
    [InlineData(MaskedTask.Score)]
    public async Task A_text_that_just_fits_gives_the_steps_that_it_gives_with_more_memory(MaskedTask task)
    {
        var model = new FakeMaskedModel();
        using var small = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = All, UsualTextBytes = 0 });
        using var large = new GenerationEngine();
        using var narrow = new MaskedTextRun(small, Request(model, task));
        using var wide = new MaskedTextRun(large, Request(model, task));
        var steps = await ToEnd(narrow);
        Assert.Equal((await ToEnd(wide)).Select(step => (step.Id, step.Draw)), steps.Select(step => (step.Id, step.Draw)));

        // What could not be kept beside the text is computed again.
        var greedy = new SamplingOptions().With(TemperatureStage.Temperature, 0);
        Assert.Empty(new MaskedReview(narrow, steps).Compare(greedy, Cancellation));
        Assert.Equal(
            new MaskedReview(wide, steps).Inspect(1, greedy, Cancellation).Top,
            new MaskedReview(narrow, steps).Inspect(1, greedy, Cancellation).Top);
    }

    [Fact]
    public async Task A_text_that_fits_beside_no_other_waits_for_its_end_and_gives_back_what_it_took_however_it_ends()
    {
        using var engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = All + Row, UsualTextBytes = 0 });
        var (model, other) = (new FakeMaskedModel(), new FakeMaskedModel());
        var tried = 0;
        model.OnPredict = () =>
        {
            tried++;
            using var beside = new MaskedTextRun(engine, Request(other, MaskedTask.Predict));
            Assert.Throws<PromptException>(() => ToEnd(beside).GetAwaiter().GetResult());
            if (tried == 2)
                throw new InvalidOperationException("The model fails.");
        };
        using var failing = new MaskedTextRun(engine, Request(model, MaskedTask.Fill));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ToEnd(failing));
        Assert.Equal((2, 0), (tried, other.Seen.Count));
        using var next = new MaskedTextRun(engine, Request(other, MaskedTask.Predict));
        Assert.Equal(2, (await ToEnd(next)).Count);
    }

    [Fact]
    public async Task A_usual_text_runs_however_little_is_kept()
    {
        using var engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = 0 });
        using var run = new MaskedTextRun(engine, Request(new FakeMaskedModel(), MaskedTask.Fill));
        Assert.Equal(2, (await ToEnd(run)).Count);
    }

    [Fact]
    public void Kept_logits_give_way_to_borrowed_memory_and_never_come_to_more_than_the_budget_with_it()
    {
        using var store = new LogitsStore(10 * Row);
        var logits = new float[Row / sizeof(float)];
        var slots = Enumerable.Range(0, 10).Select(_ => store.Add(logits)!).ToList();
        Assert.Equal(10 * Row, store.Bytes);
        var loan = store.Borrow(4 * Row);
        Assert.NotNull(loan);
        Assert.Equal(6 * Row, store.Bytes);
        Assert.Equal([false, false, false, false, true], slots.Take(5).Select(slot => store.TryCopy(slot, logits)));
        Assert.Null(store.Borrow((6 * Row) + 1));
        Assert.NotNull(store.Add(logits));
        Assert.Equal(6 * Row, store.Bytes);

        store.Limit(5 * Row);
        Assert.Equal(Row, store.Bytes);
        store.Limit(3 * Row);
        Assert.Equal((0, null), (store.Bytes, store.Add(logits)));
        store.Limit(long.MaxValue);
        loan.Dispose();
        loan.Dispose();
        using var whole = store.Borrow(10 * Row);
        Assert.NotNull(whole);
    }

    private static MaskedRequest Request(FakeMaskedModel model, MaskedTask task) => new()
    {
        Model = model,
        Text = MaskedText.Read(model, Text),
        Task = task,
        Seed = 5,
        TopCandidates = 5,
    };

    private static async Task<List<TokenStep>> ToEnd(MaskedTextRun run)
    {
        var steps = new List<TokenStep>();
        await foreach (var step in run.WithCancellation(Cancellation))
            steps.Add(step);
        return steps;
    }
}
