using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Tests;

public class GenerationEngineTests
{
    [Fact]
    public async Task The_same_request_gives_the_same_tokens_and_another_seed_others()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        var first = await Runs.IdsOf(engine, Runs.Request(model));
        Assert.Equal(10, first.Length);
        Assert.Equal(first, await Runs.IdsOf(engine, Runs.Request(model)));
        Assert.NotEqual(first, await Runs.IdsOf(engine, Runs.Request(model, seed: 6)));
    }

    [Fact]
    public async Task Runs_at_the_same_time_do_not_disturb_each_other()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        var prompts = Enumerable.Range(0, 16).Select(i => new string((char)('a' + i % 4), 3 + i % 5)).ToArray();
        var together = await Task.WhenAll(prompts.Select(prompt => Task.Run(() => Runs.IdsOf(engine, Runs.Request(model, prompt)))));
        for (var i = 0; i < prompts.Length; i++)
        {
            using var alone = new GenerationEngine();
            Assert.Equal(await Runs.IdsOf(alone, Runs.Request(model, prompts[i])), together[i]);
        }
    }

    [Fact]
    public async Task Continuing_gives_what_going_on_would_have_given()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        var whole = await Runs.IdsOf(engine, Runs.Request(model, tokens: 20));
        foreach (var cache in new[] { 0, 4 })
        {
            using var other = new GenerationEngine(new GenerationOptions { IdleSequences = cache });
            var head = await Runs.IdsOf(other, Runs.Request(model, tokens: 7));
            var tail = await Runs.IdsOf(other, Runs.Request(model, tokens: 13) with { ContinuedIds = head });
            Assert.Equal(whole, [.. head, .. tail]);
        }
    }

    [Fact]
    public async Task The_model_never_runs_on_the_callers_thread()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel();
        var context = new SingleThread();
        var threads = new HashSet<int>();
        model.OnForward = (_, _) => threads.Add(Environment.CurrentManagedThreadId);
        await context.Run(async () => await engine.Generate(Runs.Request(model)).ToEnd());
        Assert.NotEmpty(threads);
        Assert.DoesNotContain(context.ThreadId, threads);
    }

    [Fact]
    public async Task A_run_can_be_enumerated_once()
    {
        using var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(new FakeModel()));
        await run.ToEnd();
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.ToEnd());
    }

    [Fact]
    public async Task Cancelling_inside_the_prompt_leaves_a_summary_and_a_session_that_works_on()
    {
        using var engine = new GenerationEngine(new GenerationOptions { PromptChunk = 4 });
        var model = new FakeModel();
        var prompt = new string('p', 40);
        using var cancel = new CancellationTokenSource();
        var pieces = 0;
        model.OnForward = (_, token) =>
        {
            if (++pieces == 3)
                cancel.Cancel();
            token.ThrowIfCancellationRequested();
        };
        var run = engine.Generate(Runs.Request(model, prompt));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.ToEnd(cancel.Token));
        Assert.Equal(FinishReason.Cancelled, run.Summary!.FinishReason);
        Assert.Equal(0, run.Summary.NewTokens);
        Assert.InRange(run.PromptProgress, 0.1, 0.9);

        model.OnForward = null;
        using var fresh = new GenerationEngine(new GenerationOptions { PromptChunk = 4 });
        var again = engine.Generate(Runs.Request(model, prompt));
        Assert.Equal(await Runs.IdsOf(fresh, Runs.Request(model, prompt)), [.. (await again.ToEnd()).Select(step => step.Id)]);
        Assert.Equal(8, again.Summary!.CachedTokens);
    }

    [Fact]
    public async Task A_NaN_ends_the_run_with_an_error_that_names_the_model_and_nobody_else_is_disturbed()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel { Script = history => history.Count < 7 ? null : [.. Enumerable.Repeat(float.NaN, 256)] };
        var run = engine.Generate(Runs.Request(model));
        var error = await Assert.ThrowsAsync<InvalidLogitsException>(() => run.ToEnd());
        Assert.Equal(InvalidLogitsException.ModelStage, error.Stage);
        Assert.Null(run.Summary);
        Assert.Equal(0, model.SessionsAlive);
        Assert.Equal(10, (await Runs.IdsOf(engine, Runs.Request(new FakeModel()))).Length);
    }

    [Fact]
    public async Task Leaving_early_counts_as_cancelled()
    {
        using var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(new FakeModel()));
        await foreach (var step in run)
        {
            if (step.Position == 6)
                break;
        }

        Assert.Equal((FinishReason.Cancelled, 3), (run.Summary!.FinishReason, run.Summary.NewTokens));
    }

    [Fact]
    public async Task Every_session_is_given_back_or_disposed()
    {
        var model = new FakeModel();
        using (var engine = new GenerationEngine(new GenerationOptions { IdleSequences = 3 }))
        {
            await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Runs.IdsOf(engine, Runs.Request(model, new string((char)('a' + i), 4)))));
            Assert.Equal(3, model.SessionsAlive);
            engine.Forget(new FakeModel());
            Assert.Equal(3, model.SessionsAlive);
            engine.Forget(model);
            Assert.Equal(0, model.SessionsAlive);
            await Runs.IdsOf(engine, Runs.Request(model));
            Assert.Equal(1, model.SessionsAlive);
        }

        Assert.Equal(0, model.SessionsAlive);
    }
}
