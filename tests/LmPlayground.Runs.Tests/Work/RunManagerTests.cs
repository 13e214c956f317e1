using LmPlayground.Generation.Search;
using LmPlayground.Models;
using LmPlayground.Models.Chat;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Tests.Work;

public class RunManagerTests
{
    private static readonly ChatTemplate Template = new(
        "fake", "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<answer>{% endif %}");

    [Fact]
    public async Task A_run_goes_to_its_end_and_its_page_finds_it_again()
    {
        await using var bench = new RunBench();
        var run = bench.Manager.StartRun("page", RunBench.Request(tokens: 5));
        var end = await run.Job.End();
        Assert.Equal((JobStatus.Finished, FinishReason.Length, 5), (end.Status, end.Detail.Summary!.FinishReason, end.Detail.Steps.Count));
        Assert.Equal((4, 512, RunBench.Sampling), (end.Detail.PromptTokens, end.Detail.ContextLength, end.Detail.Sampling));
        Assert.Equal(run, bench.Manager.FindRun("page"));
        Assert.Null(bench.Manager.FindRun("another page"));
        Assert.Null(bench.Manager.FindComparison("page"));
    }

    [Fact]
    public async Task A_random_seed_is_drawn_once_and_shown_and_repeats_the_run()
    {
        await using var bench = new RunBench();
        var first = await bench.EndOf(RunBench.Request() with { Seed = null });
        var second = await bench.EndOf(first.Detail.Request);
        Assert.NotNull(first.Detail.Request.Seed);
        Assert.Equal(first.Detail.Seed, second.Detail.Seed);
        Assert.Equal(first.Detail.Steps.Select(step => step.Id), second.Detail.Steps.Select(step => step.Id));
    }

    [Theory]
    [InlineData(null, null, "<user>Once<answer>")]
    [InlineData(true, "Be brief.", "<system>Be brief.<user>Once<answer>")]
    [InlineData(false, "Be brief.", null)]
    public async Task A_prompt_to_a_model_with_a_chat_template_is_a_message_unless_it_is_to_be_read_as_it_stands(bool? chat, string? system, string? rendered)
    {
        await using var bench = new RunBench();
        bench.Model.Card = bench.Model.Card with { ChatTemplate = Template };
        var end = await bench.EndOf(RunBench.Request() with { Chat = chat, System = system });
        Assert.Equal((JobStatus.Finished, rendered, (rendered ?? "Once").Length), (end.Status, end.Detail.RenderedPrompt, end.Detail.PromptTokens));
    }

    [Fact]
    public async Task Chat_with_a_model_that_has_no_template_reads_the_prompt_as_it_stands()
    {
        await using var bench = new RunBench();
        var plain = await bench.EndOf(RunBench.Request());
        var chat = await bench.EndOf(RunBench.Request() with { Chat = true, System = "Be brief." });
        Assert.Equal((JobStatus.Finished, null, 4), (chat.Status, chat.Detail.RenderedPrompt, chat.Detail.PromptTokens));
        Assert.Equal(plain.Detail.Steps.Select(step => step.Id), chat.Detail.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_source_for_a_model_that_reads_none_changes_nothing()
    {
        await using var bench = new RunBench();
        var plain = await bench.EndOf(RunBench.Request());
        var end = await bench.EndOf(RunBench.Request() with { Source = "A source." });
        Assert.Equal((JobStatus.Finished, 0), (end.Status, end.Detail.SourceTokens));
        Assert.Equal(plain.Detail.Steps.Select(step => step.Id), end.Detail.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_chat_template_that_cannot_be_rendered_fails_the_run_in_words()
    {
        await using var bench = new RunBench();
        bench.Model.Card = bench.Model.Card with { ChatTemplate = new ChatTemplate("fake/chat_template.jinja", "{{ raise_exception('only questions') }}") };
        var end = await bench.EndOf(RunBench.Request());
        Assert.Equal((JobStatus.Failed, true), (end.Status, end.IsRefusal));
        Assert.Contains("only questions", end.Error?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_shows_its_sequences_and_then_the_best_one_traced()
    {
        await using var bench = new RunBench();
        var request = RunBench.Request(tokens: 5) with { Search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 3 } } };
        var end = await bench.EndOf(request);
        var found = Assert.Single(end.Detail.Beams!.Step.Returned);
        Assert.Equal(found.Ids, end.Detail.Steps.Select(step => step.Id));
        Assert.All(end.Detail.Steps, step => Assert.True(step.IsForced));
        Assert.Equal((JobStatus.Finished, found.FinishReason), (end.Status, end.Detail.Steps[^1].FinishReason));

        end = await bench.EndOf(request with { Search = new SearchStrategy { BestOf = new BestOfOptions { Count = 3 } } });
        Assert.Equal(end.Detail.Beams!.Step.Returned[0].Ids, end.Detail.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_search_that_is_cancelled_keeps_the_sequences_it_had()
    {
        await using var bench = new RunBench();
        bench.HoldAfter(6);
        var request = RunBench.Request(tokens: 50) with { Search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 2 } } };
        var job = bench.Manager.StartRun("page", request).Job;
        await job.Until(snapshot => snapshot.Detail.Beams is not null);
        job.Cancel();
        var end = await job.End();
        Assert.Equal(FinishReason.Cancelled, end.Detail.Summary!.FinishReason);
        Assert.NotEmpty(end.Detail.Beams!.Step.Live);
    }

    [Fact]
    public async Task A_pages_new_run_ends_its_earlier_one_and_no_others()
    {
        await using var bench = new RunBench(new JobOptions { MaxConcurrent = 4 });
        bench.Hold();
        var first = bench.Manager.StartRun("page", RunBench.Request());
        var other = bench.Manager.StartRun("other", RunBench.Request());
        var comparison = bench.Manager.StartComparison("page", RunBench.Request() with { Columns = [new RunRequest(), new RunRequest { Seed = 5 }] });
        var second = bench.Manager.StartRun("page", RunBench.Request());
        Assert.Equal(FinishReason.Cancelled, (await first.Job.End()).Detail.Summary!.FinishReason);
        Assert.Equal(second, bench.Manager.FindRun("page"));
        bench.Release();
        Assert.Equal(FinishReason.Length, (await second.Job.End()).Detail.Summary!.FinishReason);
        Assert.Equal(FinishReason.Length, (await other.Job.End()).Detail.Summary!.FinishReason);
        Assert.All((await comparison.Job.End()).Detail.Columns, column => Assert.Equal(FinishReason.Length, column.Summary!.FinishReason));
    }

    [Fact]
    public async Task A_run_cancelled_in_the_queue_says_so_and_one_too_many_is_refused()
    {
        await using var bench = new RunBench(new JobOptions { MaxConcurrent = 1, MaxQueued = 1 });
        bench.Hold();
        var first = bench.Manager.StartRun("1", RunBench.Request());
        await first.Job.Until(snapshot => snapshot.Status == JobStatus.ReadingPrompt);
        var second = bench.Manager.StartRun("2", RunBench.Request());
        var refused = bench.Manager.StartRun("3", RunBench.Request());
        Assert.Equal((JobStatus.Queued, 1), (second.Job.Status, second.Job.Snapshot.QueuePosition));
        Assert.Contains("queue of 1 is full", refused.Job.Snapshot.Error?.Text, StringComparison.Ordinal);
        second.Job.Cancel();
        var end = await second.Job.End();
        Assert.Equal((FinishReason.Cancelled, 11ul), (end.Detail.Summary!.FinishReason, end.Detail.Summary.Seed));
        Assert.Equal(1, bench.Leases);
    }

    [Fact]
    public async Task Continuing_keeps_tokens_and_seed_and_gives_what_going_on_would_have_given()
    {
        await using var bench = new RunBench();
        var whole = (await bench.EndOf(RunBench.Request(tokens: 9), "whole")).Detail;
        var run = bench.Manager.StartRun("page", RunBench.Request(tokens: 4));
        await run.Job.End();
        for (var i = 0; i < 5; i++)
        {
            run = bench.Manager.StartRun("page", RunBench.Request(tokens: 1) with { Seed = null }, continued: run);
            Assert.Equal(4 + i, run.Job.Snapshot.Detail.Steps.Count);
            await run.Job.End();
        }

        var steps = run.Job.Snapshot.Detail.Steps;
        Assert.Equal(whole.Steps.Select(step => step.Id), steps.Select(step => step.Id));
        Assert.Equal(whole.Seed, run.Job.Snapshot.Detail.Seed);
        Assert.All(steps.Take(8), step => Assert.Null(step.FinishReason));

        // What-if and inspection reach over the joints.
        var cancellation = TestContext.Current.CancellationToken;
        var outcomes = await run.Review.CompareAsync(RunBench.Sampling, cancellation);
        Assert.Equal(Enumerable.Range(0, 9), outcomes.Select(outcome => outcome.Index));
        Assert.All(outcomes, outcome => Assert.Null(outcome.RemovedBy));
        for (var i = 0; i < 9; i++)
            Assert.Equal(whole.Steps[i].Top, (await run.Review.InspectAsync(i, RunBench.Sampling, cancellation)).Top);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => run.Review.InspectAsync(9, RunBench.Sampling, cancellation));
    }

    [Fact]
    public async Task A_run_that_is_continued_while_it_goes_on_loses_none_of_its_tokens()
    {
        await using var bench = new RunBench();
        bench.HoldAfter(forwards: 3);
        var run = bench.Manager.StartRun("page", RunBench.Request(tokens: 100));
        await run.Job.Until(snapshot => snapshot.Detail.Steps.Count == 3);
        var next = bench.Manager.StartRun("page", RunBench.Request(tokens: 3), continued: run);
        await run.Job.End();
        bench.Release();
        var end = await next.Job.End();
        var whole = await bench.EndOf(RunBench.Request(tokens: 6), "whole");
        Assert.Equal(whole.Detail.Steps.Select(step => step.Id), end.Detail.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_conversation_goes_on_at_the_time_at_which_it_began()
    {
        await using var bench = new RunBench();
        bench.Model.Card = bench.Model.Card with { ChatTemplate = new ChatTemplate("fake", "{{ strftime_now('%H:%M:%S') }} {{ messages[0].content }}") };
        var whole = await bench.EndOf(RunBench.Request(tokens: 5), "whole");
        var run = bench.Manager.StartRun("page", RunBench.Request(tokens: 2));
        await run.Job.End();
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        var next = await bench.Manager.StartRun("page", RunBench.Request(tokens: 3), continued: run).Job.End();
        Assert.Equal(whole.Detail.RenderedPrompt, next.Detail.RenderedPrompt);
        Assert.Equal(whole.Detail.Steps.Select(step => step.Id), next.Detail.Steps.Select(step => step.Id));
        var later = whole.Detail.Request with { TemplateTime = whole.Detail.Request.TemplateTime!.Value.AddHours(1) };
        var anew = await bench.Manager.StartRun("page", later, continued: bench.Manager.FindRun("page")).Job.End();
        Assert.Equal(5, anew.Detail.Steps.Count);
        Assert.NotEqual(whole.Detail.RenderedPrompt, anew.Detail.RenderedPrompt);
    }

    [Fact]
    public async Task A_conversation_goes_on_from_the_ids_it_was_first_read_as_whatever_its_template_makes_of_it_now()
    {
        await using var bench = new RunBench();
        var template = new CountingTemplate();
        bench.Model.Card = bench.Model.Card with { ChatTemplate = template };
        var run = bench.Manager.StartRun("page", RunBench.Request(tokens: 2));
        var first = (await run.Job.End()).Detail;
        var next = (await bench.Manager.StartRun("page", RunBench.Request(tokens: 3), continued: run).Job.End()).Detail;
        Assert.Equal(("1 Once", "1 Once", 1), (first.RenderedPrompt, next.RenderedPrompt, template.Rendered));
        Assert.Equal(first.PromptIds, next.PromptIds);

        bench.Model.Card = bench.Model.Card with { ChatTemplate = null };
        var whole = (await bench.EndOf(RunBench.Request(tokens: 5) with { Prompt = "1 Once" }, "whole")).Detail;
        Assert.Equal(whole.Steps.Select(step => step.Id), next.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_run_does_not_go_on_in_a_model_whose_files_have_changed()
    {
        await using var bench = new RunBench();
        var run = bench.Manager.StartRun("page", RunBench.Request());
        await run.Job.End();
        bench.Forget(contentHash: "another");
        var end = await bench.Manager.StartRun("page", RunBench.Request(), continued: run).Job.End();
        Assert.Equal((JobStatus.Failed, true, 3), (end.Status, end.IsRefusal, end.Detail.Steps.Count));
        Assert.Contains("have changed", end.Error?.Text, StringComparison.Ordinal);
        Assert.Equal((0, 0), (bench.Leases, bench.Model.Forwards));
    }

    [Fact]
    public async Task A_changed_prompt_begins_anew()
    {
        await using var bench = new RunBench();
        var run = bench.Manager.StartRun("page", RunBench.Request());
        await run.Job.End();
        var next = bench.Manager.StartRun("page", RunBench.Request(tokens: 2) with { Prompt = "Other" }, continued: run);
        Assert.Equal(2, (await next.Job.End()).Detail.Steps.Count);
    }

    [Fact]
    public async Task Stopping_keeps_what_was_generated()
    {
        await using var bench = new RunBench();
        bench.HoldAfter(forwards: 3);
        var job = bench.Manager.StartRun("page", RunBench.Request(tokens: 100)).Job;
        await job.Until(snapshot => snapshot.Detail.Steps.Count == 3);
        job.Cancel();
        var end = await job.End();
        Assert.Equal((JobStatus.Finished, FinishReason.Cancelled, 3), (end.Status, end.Detail.Summary!.FinishReason, end.Detail.Steps.Count));
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_fails_its_run_alone_and_says_why()
    {
        await using var bench = new RunBench();
        var bad = await bench.EndOf(RunBench.Request() with { Model = "missing" }, "bad");
        Assert.Equal((JobStatus.Failed, "missing/model.onnx: it is not there.", true), (bad.Status, bad.Error?.Text, bad.IsRefusal));
        Assert.Equal("Once", bad.Detail.Request.Prompt);
        Assert.Equal(JobStatus.Finished, (await bench.EndOf(RunBench.Request(), "good")).Status);
        var none = await bench.EndOf(RunBench.Request() with { Model = null });
        Assert.Contains("There is no model", none.Error?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_of_a_megabyte_is_refused_in_words_and_kept()
    {
        await using var bench = new RunBench();
        var prompt = new string('x', 1 << 20);
        var end = await bench.EndOf(RunBench.Request() with { Prompt = prompt });
        Assert.Contains("1,048,576 tokens", end.Error?.Text, StringComparison.Ordinal);
        Assert.True(end.IsRefusal);
        Assert.Same(prompt, end.Detail.Request.Prompt);
    }

    [Fact]
    public async Task An_unforeseen_failure_shows_no_innards()
    {
        await using var bench = new RunBench();
        bench.Model.OnForward = (_, _) => throw new InvalidOperationException("secret");
        var end = await bench.EndOf(RunBench.Request());
        Assert.Equal((JobStatus.Failed, false, 0), (end.Status, end.IsRefusal, bench.Leases));
        Assert.DoesNotContain("secret", end.Error?.Text, StringComparison.Ordinal);
    }

    /// <summary>A template that makes another text each time.</summary>
    private sealed class CountingTemplate : IChatTemplate
    {
        internal int Rendered { get; private set; }

        public IEnumerable<string> Names => ["default"];

        public string Render(ChatRequest request, string? name = null) => $"{++Rendered} {request.Messages[0].GetProperty("content").GetString()}";
    }
}
