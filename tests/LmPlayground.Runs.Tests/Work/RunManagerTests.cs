using LmPlayground.Generation.Search;
using LmPlayground.Models.Chat;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Runs;

namespace LmPlayground.Web.Tests.Runs;

public class RunManagerTests
{
    [Fact]
    public async Task A_run_goes_to_its_end_and_its_page_finds_it_again()
    {
        using var bench = new RunBench();
        var run = bench.Manager.Start("page", RunBench.Request(tokens: 5));
        var end = await run.Until(snapshot => !snapshot.IsActive);
        Assert.Equal((RunStatus.Finished, FinishReason.Length, 5), (end.Status, end.Summary!.FinishReason, end.Steps.Count));
        Assert.Equal((4, 512), (end.PromptTokens, end.ContextLength));
        Assert.Same(run, bench.Manager.Find("page"));
        Assert.Null(bench.Manager.Find("another page"));
    }

    [Fact]
    public async Task A_random_seed_is_drawn_once_and_shown_and_repeats_the_run()
    {
        using var bench = new RunBench();
        var first = await bench.Manager.Start("page", RunBench.Request() with { Seed = null }).Until(snapshot => !snapshot.IsActive);
        var second = await bench.Manager.Start("page", RunBench.Request() with { Seed = first.Seed }).Until(snapshot => !snapshot.IsActive);
        Assert.Equal(first.Steps.Select(step => step.Id), second.Steps.Select(step => step.Id));
    }

    [Theory]
    [InlineData(null, null, "<user>Once<answer>")]
    [InlineData(true, "Be brief.", "<system>Be brief.<user>Once<answer>")]
    [InlineData(false, "Be brief.", null)]
    public async Task A_prompt_to_a_model_with_a_chat_template_is_a_message_unless_it_is_to_be_read_as_it_stands(bool? chat, string? system, string? rendered)
    {
        using var bench = new RunBench();
        bench.Model.Card = bench.Model.Card with { ChatTemplate = new ChatTemplate("fake", "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<answer>{% endif %}") };
        var end = await bench.Manager.Start("page", RunBench.Request() with { Chat = chat, System = system }).Until(snapshot => !snapshot.IsActive);
        Assert.Equal((RunStatus.Finished, rendered, (rendered ?? "Once").Length), (end.Status, end.RenderedPrompt, end.PromptTokens));
    }

    [Fact]
    public async Task A_chat_template_that_cannot_be_rendered_fails_the_run_in_words()
    {
        using var bench = new RunBench();
        bench.Model.Card = bench.Model.Card with { ChatTemplate = new ChatTemplate("fake/chat_template.jinja", "{{ raise_exception('only questions') }}") };
        var end = await bench.Manager.Start("page", RunBench.Request()).Until(snapshot => !snapshot.IsActive);
        Assert.Equal(RunStatus.Failed, end.Status);
        Assert.Contains("only questions", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_shows_its_sequences_and_then_the_best_one_traced()
    {
        using var bench = new RunBench();
        var request = RunBench.Request(tokens: 5) with { Search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 3 } } };
        var end = await bench.Manager.Start("page", request).Until(snapshot => !snapshot.IsActive);
        var found = Assert.Single(end.Beams!.Step.Returned);
        Assert.Equal(found.Ids, end.Steps.Select(step => step.Id));
        Assert.All(end.Steps, step => Assert.True(step.IsForced));
        Assert.Equal((RunStatus.Finished, found.FinishReason), (end.Status, end.Steps[^1].FinishReason));

        var bestOf = request with { Search = new SearchStrategy { BestOf = new BestOfOptions { Count = 3 } } };
        end = await bench.Manager.Start("page", bestOf).Until(snapshot => !snapshot.IsActive);
        Assert.Equal(end.Beams!.Step.Returned[0].Ids, end.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_search_that_is_cancelled_keeps_the_sequences_it_had()
    {
        using var bench = new RunBench();
        bench.HoldAfter(6);
        var request = RunBench.Request(tokens: 50) with { Search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 2 } } };
        var run = bench.Manager.Start("page", request);
        await run.Until(snapshot => snapshot.Beams is not null);
        run.Cancel();
        var end = await run.Until(snapshot => !snapshot.IsActive);
        Assert.Equal(FinishReason.Cancelled, end.Summary!.FinishReason);
        Assert.NotEmpty(end.Beams!.Step.Live);
    }

    [Fact]
    public async Task A_pages_new_run_ends_its_earlier_one_and_no_others()
    {
        using var bench = new RunBench(concurrent: 3);
        bench.Hold();
        var first = bench.Manager.Start("page", RunBench.Request());
        var other = bench.Manager.Start("other", RunBench.Request());
        var second = bench.Manager.Start("page", RunBench.Request());
        var ended = await first.Until(snapshot => !snapshot.IsActive);
        Assert.Equal(FinishReason.Cancelled, ended.Summary!.FinishReason);
        Assert.Same(second, bench.Manager.Find("page"));
        bench.Release();
        Assert.Equal(FinishReason.Length, (await second.Until(snapshot => !snapshot.IsActive)).Summary!.FinishReason);
        Assert.Equal(FinishReason.Length, (await other.Until(snapshot => !snapshot.IsActive)).Summary!.FinishReason);
    }

    [Fact]
    public async Task Runs_beyond_the_limit_wait_and_see_their_place()
    {
        using var bench = new RunBench(concurrent: 1, queued: 2);
        bench.Hold();
        var first = bench.Manager.Start("1", RunBench.Request());
        await first.Until(snapshot => snapshot.Status == RunStatus.ReadingPrompt);
        var second = bench.Manager.Start("2", RunBench.Request());
        var third = bench.Manager.Start("3", RunBench.Request());
        var refused = bench.Manager.Start("4", RunBench.Request());
        Assert.Equal((RunStatus.Queued, 1), (second.Snapshot.Status, second.Snapshot.QueuePosition));
        Assert.Equal((RunStatus.Queued, 2), (third.Snapshot.Status, third.Snapshot.QueuePosition));
        Assert.Equal(RunStatus.Failed, refused.Snapshot.Status);
        Assert.Contains("queue of 2 is full", refused.Snapshot.Error, StringComparison.Ordinal);

        second.Cancel();
        await third.Until(snapshot => snapshot.QueuePosition == 1);
        Assert.Equal(FinishReason.Cancelled, (await second.Until(snapshot => !snapshot.IsActive)).Summary!.FinishReason);
        bench.Release();
        Assert.Equal(RunStatus.Finished, (await third.Until(snapshot => !snapshot.IsActive)).Status);
    }

    [Fact]
    public async Task Continuing_keeps_tokens_and_seed_and_gives_what_going_on_would_have_given()
    {
        using var bench = new RunBench();
        var whole = await bench.Manager.Start("whole", RunBench.Request(tokens: 9)).Until(snapshot => !snapshot.IsActive);
        var run = bench.Manager.Start("page", RunBench.Request(tokens: 4));
        await run.Until(snapshot => !snapshot.IsActive);
        for (var i = 0; i < 5; i++)
        {
            run = bench.Manager.Start("page", RunBench.Request(tokens: 1) with { Seed = null }, continued: run);
            Assert.Equal(4 + i, run.Snapshot.Steps.Count);
            await run.Until(snapshot => !snapshot.IsActive);
        }

        Assert.Equal(whole.Steps.Select(step => step.Id), run.Snapshot.Steps.Select(step => step.Id));
        Assert.Equal(whole.Seed, run.Snapshot.Seed);
        Assert.All(run.Snapshot.Steps.Take(8), step => Assert.Null(step.FinishReason));

        // What-if and inspection reach over the joints.
        var outcomes = await run.CompareAsync(RunBench.Request().Sampling);
        Assert.Equal(Enumerable.Range(0, 9), outcomes.Select(outcome => outcome.Index));
        Assert.All(outcomes, outcome => Assert.Null(outcome.RemovedBy));
        for (var i = 0; i < 9; i++)
            Assert.Equal(whole.Steps[i].Top, (await run.InspectAsync(i, RunBench.Request().Sampling)).Top);
    }

    [Fact]
    public async Task A_changed_prompt_begins_anew()
    {
        using var bench = new RunBench();
        var run = bench.Manager.Start("page", RunBench.Request());
        await run.Until(snapshot => !snapshot.IsActive);
        var next = bench.Manager.Start("page", RunBench.Request(tokens: 2) with { Prompt = "Other" }, continued: run);
        Assert.Equal(2, (await next.Until(snapshot => !snapshot.IsActive)).Steps.Count);
    }

    [Fact]
    public async Task Stopping_keeps_what_was_generated()
    {
        using var bench = new RunBench();
        bench.HoldAfter(forwards: 3);
        var run = bench.Manager.Start("page", RunBench.Request(tokens: 100));
        await run.Until(snapshot => snapshot.Steps.Count == 3);
        run.Cancel();
        var end = await run.Until(snapshot => !snapshot.IsActive);
        Assert.Equal((RunStatus.Finished, FinishReason.Cancelled, 3), (end.Status, end.Summary!.FinishReason, end.Steps.Count));
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_fails_its_run_alone_and_says_why()
    {
        using var bench = new RunBench();
        var bad = await bench.Manager.Start("bad", RunBench.Request() with { ModelId = "missing" }).Until(snapshot => !snapshot.IsActive);
        Assert.Equal((RunStatus.Failed, "missing/model.onnx: it is not there."), (bad.Status, bad.Error));
        Assert.Equal("Once", bad.Request.Prompt);
        var good = await bench.Manager.Start("good", RunBench.Request()).Until(snapshot => !snapshot.IsActive);
        Assert.Equal(RunStatus.Finished, good.Status);
    }

    [Fact]
    public async Task A_prompt_of_a_megabyte_is_refused_in_words_and_kept()
    {
        using var bench = new RunBench();
        var prompt = new string('x', 1 << 20);
        var end = await bench.Manager.Start("page", RunBench.Request() with { Prompt = prompt }).Until(snapshot => !snapshot.IsActive);
        Assert.Contains("1,048,576 tokens", end.Error, StringComparison.Ordinal);
        Assert.Same(prompt, end.Request.Prompt);
    }

    [Fact]
    public async Task An_unforeseen_failure_shows_no_innards()
    {
        using var bench = new RunBench();
        bench.Model.OnForward = (_, _) => throw new InvalidOperationException("secret");
        var end = await bench.Manager.Start("page", RunBench.Request()).Until(snapshot => !snapshot.IsActive);
        Assert.Equal(RunStatus.Failed, end.Status);
        Assert.DoesNotContain("secret", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_nobody_watches_goes_on_for_a_reload_and_no_longer()
    {
        using var bench = new RunBench();
        bench.Hold();
        var run = bench.Manager.Start("page", RunBench.Request());
        run.Subscribe(() => { }).Dispose();
        bench.Time.Advance(TimeSpan.FromSeconds(29));
        bench.Manager.Sweep();
        Assert.True(run.Snapshot.IsActive);
        using (run.Subscribe(() => { }))
        {
            bench.Time.Advance(TimeSpan.FromHours(1));
            bench.Manager.Sweep();
            Assert.True(run.Snapshot.IsActive);
        }

        bench.Time.Advance(TimeSpan.FromSeconds(30));
        bench.Manager.Sweep();
        Assert.Equal(FinishReason.Cancelled, (await run.Until(snapshot => !snapshot.IsActive)).Summary!.FinishReason);
    }

    [Fact]
    public async Task Finished_runs_are_kept_for_a_while_and_up_to_a_number()
    {
        using var bench = new RunBench(retained: 2);
        foreach (var page in new[] { "1", "2", "3" })
        {
            await bench.Manager.Start(page, RunBench.Request()).Until(snapshot => !snapshot.IsActive);
            bench.Time.Advance(TimeSpan.FromMinutes(1));
        }

        bench.Manager.Sweep();
        Assert.Null(bench.Manager.Find("1"));
        Assert.NotNull(bench.Manager.Find("2"));
        bench.Time.Advance(TimeSpan.FromMinutes(28.5));
        bench.Manager.Sweep();
        Assert.Null(bench.Manager.Find("2"));
        Assert.NotNull(bench.Manager.Find("3"));
    }

    [Fact]
    public async Task Stopping_the_server_ends_every_run()
    {
        using var bench = new RunBench();
        bench.Hold();
        var run = bench.Manager.Start("page", RunBench.Request());
        var queued = bench.Manager.Start("other", RunBench.Request());
        await bench.Manager.StopAsync(CancellationToken.None);
        Assert.False(run.Snapshot.IsActive || queued.Snapshot.IsActive);
    }
}
