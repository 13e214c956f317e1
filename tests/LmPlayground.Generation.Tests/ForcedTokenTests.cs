using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests;

public class ForcedTokenTests
{
    [Fact]
    public async Task A_run_that_is_given_its_own_tokens_has_the_same_records()
    {
        using var engine = new GenerationEngine();
        using var free = engine.Generate(Runs.Request(new FakeModel()));
        var drawn = await free.ToEnd();
        using var forced = engine.Generate(Runs.Request(new FakeModel()) with { ForcedIds = [.. drawn.Select(step => step.Id)] });
        var given = await forced.ToEnd();
        Assert.All(given, step => Assert.True(step.IsForced));
        Assert.Equal(drawn.Select(Numbers), given.Select(Numbers));
    }

    [Fact]
    public async Task Given_tokens_are_taken_though_a_stage_removes_them_and_then_the_run_draws_again()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel(), tokens: 6);
        request = request with { Sampling = request.Sampling.With(TopKStage.K, 1) };
        using var free = engine.Generate(request);
        var unlikely = (await free.ToEnd())[0].Top[^1].Id;

        using var run = engine.Generate(request with { ForcedIds = [unlikely, unlikely] });
        var steps = await run.ToEnd();
        Assert.Equal([unlikely, unlikely], steps.Take(2).Select(step => step.Id));
        Assert.Equal([true, true, false, false, false, false], steps.Select(step => step.IsForced));
        Assert.Equal(0, steps[0].SampledProbability);
        Assert.Equal("top_k", steps[0].Top.Single(candidate => candidate.Id == unlikely).RemovedBy);
        Assert.NotEqual(unlikely, steps[0].Draw.Id);

        var review = new RunReview(run, steps);
        Assert.True(review.Inspect(0, request.Sampling).IsForced);
    }

    [Fact]
    public async Task A_given_token_outside_the_vocabulary_is_refused_before_the_model_runs()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        using var run = engine.Generate(Runs.Request(model) with { ForcedIds = [0, FakeModel.VocabularySize] });
        var error = await Assert.ThrowsAsync<PromptException>(() => run.ToEnd());
        Assert.Contains($"{FakeModel.VocabularySize}", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, model.Forwards);
    }

    private static object Numbers(TokenStep step) =>
        (step.Position, step.Id, step.Text, step.Probability, step.SampledProbability, step.Rank, step.Entropy, step.Draw, step.FinishReason);
}
