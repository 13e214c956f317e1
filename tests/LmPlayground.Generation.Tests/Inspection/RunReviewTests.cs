using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests.Inspection;

public class RunReviewTests
{
    private static readonly SamplingOptions Narrow = new SamplingOptions().With(TopKStage.K, 3);

    [Fact]
    public async Task The_settings_of_the_run_itself_change_nothing()
    {
        using var engine = new GenerationEngine();
        using var run = engine.Generate(Runs.Request(new FakeModel()));
        var steps = await run.ToEnd();
        var review = new RunReview(run, steps);
        Assert.All(review.Compare(Runs.Warm), outcome =>
        {
            var step = steps[outcome.Index];
            Assert.Equal((null, step.SampledProbability, step.Id), (outcome.RemovedBy, outcome.SampledProbability, outcome.DrawnId));
        });
        for (var index = 0; index < steps.Length; index++)
            AssertEqual(steps[index], review.Inspect(index, Runs.Warm));
    }

    [Fact]
    public async Task Other_settings_show_what_they_would_have_removed_without_running_the_model()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        using var run = engine.Generate(Runs.Request(model, tokens: 30));
        var steps = await run.ToEnd();
        var forwards = model.Forwards;
        var review = new RunReview(run, steps);
        var outcomes = review.Compare(Narrow);
        Assert.Equal(forwards, model.Forwards);
        Assert.Equal(30, outcomes.Length);
        Assert.Contains(outcomes, outcome => outcome.RemovedBy is not null);
        Assert.All(outcomes, outcome =>
        {
            var step = steps[outcome.Index];
            Assert.Equal(step.Rank > 3 ? "top_k" : null, outcome.RemovedBy);
            var inspected = review.Inspect(outcome.Index, Narrow);
            Assert.Equal(step.Id, inspected.Id);
            Assert.Equal(outcome.SampledProbability, inspected.SampledProbability);
            Assert.Equal((outcome.DrawnId, step.Draw.U), (inspected.Draw.Id, inspected.Draw.U));
            Assert.Equal("top_k", Assert.Single(inspected.Stages).Stage);
        });
    }

    [Fact]
    public async Task A_step_that_was_let_go_is_computed_again_with_the_same_numbers()
    {
        const int kept = 4;
        using var engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = kept * FakeModel.VocabularySize * sizeof(float) });
        using var run = engine.Generate(Runs.Request(new FakeModel(), tokens: 12));
        var steps = await run.ToEnd();
        var review = new RunReview(run, steps);
        Assert.Equal([8, 9, 10, 11], review.Compare(Narrow).Select(outcome => outcome.Index));
        for (var index = 0; index < steps.Length; index++)
            AssertEqual(steps[index], review.Inspect(index, Runs.Warm));
    }

    [Fact]
    public void The_budget_holds_for_all_runs_together_and_a_run_gives_its_share_back()
    {
        const int step = FakeModel.VocabularySize * sizeof(float);
        using var store = new LogitsStore(10 * step);
        using var first = new RunLogits(store);
        var second = new RunLogits(store);
        var logits = new float[FakeModel.VocabularySize];
        for (var i = 0; i < 8; i++)
        {
            Array.Fill(logits, i);
            first.Add(logits);
            Array.Fill(logits, 100 + i);
            second.Add(logits);
        }

        Assert.Equal(10 * step, store.Bytes);
        Assert.False(first.TryCopy(2, logits));
        Assert.True(first.TryCopy(3, logits));
        Assert.All(logits, value => Assert.Equal(3, value));
        second.Dispose();
        Assert.Equal(5 * step, store.Bytes);
        Assert.False(second.TryCopy(7, logits));
    }

    private static void AssertEqual(TokenStep expected, TokenStep actual)
    {
        Assert.Equal(expected.Top, actual.Top);
        Assert.Equal(expected.Stages, actual.Stages);
        Assert.Equal(expected with { Top = default, Stages = default }, actual with { Top = default, Stages = default });
    }
}
