using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Tests;

/// <summary>Runs whose sampler remembers: mirostat's mu goes with the run, its continuation and its review.</summary>
public class AdaptiveRunTests
{
    private static readonly SamplingOptions Mirostat = new SamplingOptions
    {
        Order = StageOrder.Transformers.Including("mirostat_v2"),
    }.With(MirostatV2Stage.Tau, 2).With(MirostatV2Stage.Eta, 0.5);

    [Fact]
    public async Task Each_step_records_the_state_before_and_after_it()
    {
        using var engine = new GenerationEngine();
        var steps = await engine.Generate(Runs.Request(new FakeModel()) with { Sampling = Mirostat }).ToEnd();
        Assert.Equal(4, steps[0].SamplerState);
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal(pair.First.SamplerStateAfter, pair.Second.SamplerState));
        Assert.All(steps, step =>
            Assert.Equal(step.SamplerState!.Value - 0.5 * (-Math.Log2(step.SampledProbability) - 2), step.SamplerStateAfter!.Value, 1e-9));
        Assert.All(await engine.Generate(Runs.Request(new FakeModel())).ToEnd(), step => Assert.Null(step.SamplerState));
    }

    [Fact]
    public async Task Continuing_with_the_state_gives_what_going_on_would_have_given()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        var whole = await engine.Generate(Runs.Request(model, tokens: 20) with { Sampling = Mirostat }).ToEnd();
        var head = await engine.Generate(Runs.Request(model, tokens: 8) with { Sampling = Mirostat }).ToEnd();
        var request = Runs.Request(model, tokens: 12) with
        {
            Sampling = Mirostat,
            ContinuedIds = [.. head.Select(step => step.Id)],
            SamplerState = head[^1].SamplerStateAfter,
        };
        var tail = await engine.Generate(request).ToEnd();
        Assert.Equal(whole.Select(step => step.Id), [.. head.Select(step => step.Id), .. tail.Select(step => step.Id)]);
        Assert.Equal(whole[^1].SamplerStateAfter, tail[^1].SamplerStateAfter);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4)]
    public async Task A_review_under_the_runs_own_settings_finds_the_state_of_each_step(int keptSteps)
    {
        var memory = new GenerationOptions { KeptLogitsBytes = keptSteps * FakeModel.VocabularySize * sizeof(float) };
        using var engine = new GenerationEngine(memory);
        using var run = engine.Generate(Runs.Request(new FakeModel(), tokens: 12) with { Sampling = Mirostat });
        var steps = await run.ToEnd();
        var review = new RunReview(run, steps);
        for (var index = 0; index < steps.Length; index++)
        {
            var inspected = review.Inspect(index, Mirostat);
            Assert.Equal(
                (steps[index].SamplerState, steps[index].SamplerStateAfter, steps[index].SampledProbability, steps[index].Draw),
                (inspected.SamplerState, inspected.SamplerStateAfter, inspected.SampledProbability, inspected.Draw));
        }

        Assert.All(review.Compare(Mirostat), outcome =>
            Assert.Equal((steps[outcome.Index].Id, steps[outcome.Index].SampledProbability), (outcome.DrawnId, outcome.SampledProbability)));
    }

    [Fact]
    public async Task A_review_under_other_adaptive_settings_follows_what_the_same_dice_draw()
    {
        using var engine = new GenerationEngine();
        using var run = engine.Generate(Runs.Request(new FakeModel(), tokens: 12));
        var steps = await run.ToEnd();
        var review = new RunReview(run, steps);
        var compared = review.Compare(Mirostat);
        for (var index = 0; index < steps.Length; index++)
            Assert.Equal(compared[index].DrawnId, review.Inspect(index, Mirostat).Draw.Id);
        Assert.Equal(4, review.Inspect(0, Mirostat).SamplerState);
        Assert.NotEqual(4, review.Inspect(11, Mirostat).SamplerState);
    }

    [Fact]
    public async Task Stages_that_ask_for_tokens_get_the_models()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel(endOfSequence: ['e']) { Script = _ => [.. Enumerable.Range(0, 256).Select(id => id is 'e' or 'x' or 'y' ? 9f : 0f)] };
        var request = Runs.Request(model, tokens: 30) with
        {
            Sampling = new SamplingOptions { Order = StageOrder.Transformers.Including("dry") }
                .With(TopKStage.K, 2).With(MinNewTokensStage.Least, 6).With(BadWordsStage.Words, ["y"]).With(DryStage.Multiplier, 1),
            Stopping = new StoppingOptions { MaxNewTokens = 30, StopTokenIds = ['x'] },
        };
        var steps = await engine.Generate(request).ToEnd();
        Assert.All(steps.Take(6), step => Assert.False(step.Id is 'e' or 'x' or 'y'));
        Assert.DoesNotContain(steps, step => step.Id == 'y');
    }
}
