using Bunit;
using LmPlayground.Generation;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

public sealed class StreamingTests : PageTest
{
    [Fact]
    public void Tokens_show_after_60_milliseconds_and_not_before()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " there", 0.9));
        Assert.Empty(page.Tokens());

        Tick();

        page.WaitForAssertion(() => Assert.Equal(" there", Assert.Single(page.Tokens()).Text));
    }

    [Fact]
    public void The_last_token_of_a_burst_is_not_stranded()
    {
        var page = Open();
        page.Part("generate").Click();
        for (var i = 0; i < 100; i++)
            Runs.Last.Add(Scripted.Step(i, $" {i}", 0.5));
        Runs.Last.Finish(FinishReason.Length);

        Tick();

        page.WaitForAssertion(() => Assert.Equal(100, page.Tokens().Count));
        Assert.Equal("stopped: length", page.Text("stopped"));
    }

    [Fact]
    public void A_finished_chunk_does_not_render_again_while_later_ones_grow()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add([.. Enumerable.Range(0, 40).Select(i => Scripted.Step(i, " a", 0.5))]);
        Tick();
        page.WaitForState(() => page.Tokens().Count == 40);
        page.Select(39);
        var chunks = page.Settled().FindComponents<TokenChunk>();
        var (first, second) = (chunks[0].Instance.RenderCount, chunks[1].Instance.RenderCount);

        for (var i = 40; i < 60; i++)
        {
            Runs.Last.Add(Scripted.Step(i, " b", 0.5));
            Tick();
            page.WaitForState(() => page.Tokens().Count == i + 1);
        }

        Assert.Equal(first, chunks[0].Instance.RenderCount);
        Assert.Equal(second + 20, chunks[1].Instance.RenderCount);
    }

    [Fact]
    public void Stop_stands_where_Generate_stood_and_cancels_the_run()
    {
        var page = Open();
        page.Part("generate").Click();
        page.WaitForState(() => page.Parts("stop").Count == 1);
        Assert.Empty(page.Parts("generate"));

        page.Part("stop").Click();
        Tick();

        Assert.True(Runs.Last.IsCancelled);
        page.WaitForAssertion(() => Assert.Equal("stopped by you", page.Text("stopped")));
        Assert.Single(page.Parts("generate"));
    }

    [Theory]
    [InlineData(0, "starting …")]
    [InlineData(1, "waiting for another run to end")]
    [InlineData(2, "2nd in the queue")]
    [InlineData(11, "11th in the queue")]
    public void A_place_in_the_queue_is_shown_only_where_there_is_a_wait(int place, string shown)
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.ChangeJob(run => run with { Status = JobStatus.Queued, QueuePosition = place });
        Tick();
        page.WaitForAssertion(() => Assert.Equal(shown, page.Text("queue")));

        var compare = OpenCompare();
        compare.Part("generate").Click();
        Comparisons.Last.ChangeJob(run => run with { Status = JobStatus.Queued, QueuePosition = place });
        Tick();
        compare.WaitForAssertion(() => Assert.Equal(shown, compare.Text("status")));
    }

    [Fact]
    public void The_reading_of_the_prompt_has_a_progress_bar()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.ChangeJob(run => run with { Status = JobStatus.ReadingPrompt, Progress = 0.4 });
        Tick();

        (string?, string?) Progress() => page.Settled().Find("[role=progressbar]") is var bar ? (bar.GetAttribute("aria-valuenow"), bar.GetAttribute("aria-label")) : default;
        page.WaitForAssertion(() => Assert.Equal(("40", "Prompt read"), Progress()));
    }

    [Fact]
    public void The_status_line_says_speed_first_token_seed_and_context()
    {
        var page = Open("?seed=1204");
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " there", 0.9));
        Runs.Last.Finish(FinishReason.EndOfSequence);
        Tick();

        page.WaitForState(() => page.Parts("stopped").Count == 1);
        Assert.Equal("1 token 212 tokens/s first after 9 ms seed 1204 context 6 / 512 stopped: end of text", page.Text("status"));
    }

    [Fact]
    public void A_failed_run_says_why_and_keeps_prompt_and_tokens()
    {
        var page = Open();
        page.Type("What is lost?");
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " Nothing", 0.9));
        Runs.Last.ChangeJob(run => run with { Status = JobStatus.Failed, Error = Message.Of("test", $"The stage top_p was given NaN.") });
        Tick();

        page.WaitForAssertion(() => Assert.Equal("The stage top_p was given NaN.", page.Text("error")));
        Assert.Single(page.Tokens());
        Assert.Contains("prompt=What%20is%20lost%3F", Navigation.Uri, StringComparison.Ordinal);
        page.Part("generate").Click();
        Assert.Equal("What is lost?", Runs.Started[^1].Request.Prompt);
    }

    [Theory]
    [InlineData(true, "The prompt is too long.")]
    [InlineData(false, "did not expect")]
    public void A_run_that_cannot_be_started_says_why_unless_it_is_the_servers_own_fault(bool isRefused, string said)
    {
        const string message = "The prompt is too long.";
        Runs.Refusal = isRefused ? new PromptException("test", $"{message}") : new ArgumentException(message);
        var page = Open();
        page.Part("generate").Click();

        page.WaitForAssertion(() => Assert.Contains(said, page.Text("error"), StringComparison.Ordinal));
        Assert.Equal(isRefused, page.Text("error").Contains(message, StringComparison.Ordinal));
        Assert.False(page.Part("generate").HasAttribute("disabled"));
    }

    [Fact]
    public void Next_token_asks_for_one_more_of_the_same_run()
    {
        var page = Open();
        page.Part("generate").Click();
        var run = Runs.Last;
        run.Add(Scripted.Step(0, " there", 0.9));
        run.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("stopped").Count == 1);

        page.Part("next").Click();

        Assert.Same(run, Runs.Started[^1].Continued!.Job);
        Assert.Equal(1, Runs.Started[^1].Request.Stopping.MaxNewTokens);
    }

    [Fact]
    public void Continue_is_for_the_prompt_that_the_text_belongs_to()
    {
        var page = Open();
        Assert.True(page.Part("continue").HasAttribute("disabled"));
        page.Part("generate").Click();
        var run = Runs.Last;
        run.Add(Scripted.Step(0, " there", 0.9));
        run.Finish(FinishReason.Length);
        Tick();
        page.WaitForAssertion(() => Assert.False(page.Part("continue").HasAttribute("disabled")));

        page.Type("Another beginning");
        Assert.True(page.Part("continue").HasAttribute("disabled"));
        Assert.Contains("stale", page.Part("tokens").ClassList);

        page.Type("Once upon a time");
        page.Part("continue").Click();
        Assert.Same(run, Runs.Started[^1].Continued!.Job);
        Assert.Equal(128, Runs.Started[^1].Request.Stopping.MaxNewTokens);
    }

    [Fact]
    public void A_reloaded_page_finds_its_run_again()
    {
        var run = new FakeRun(new RunRequest { Model = "transformer", Prompt = "Once upon a time" }, new SamplingOptions());
        run.Add(Scripted.Step(0, " there", 0.9));
        Runs.Found = run;

        var page = Open();
        page.WaitForAssertion(() => Assert.Single(page.Tokens()));
        run.Add(Scripted.Step(1, " was", 0.9));
        Tick();

        page.WaitForAssertion(() => Assert.Equal(2, page.Tokens().Count));
        Assert.Empty(Runs.Started);
    }

    [Fact]
    public void A_run_of_another_prompt_is_not_taken_for_the_pages_own()
    {
        var run = new FakeRun(new RunRequest { Model = "transformer", Prompt = "Something else" }, new SamplingOptions());
        run.Add(Scripted.Step(0, " there", 0.9));
        Runs.Found = run;

        var page = Open();

        Assert.Empty(page.Tokens());
        Assert.Equal(0, run.Subscribers);
    }

    [Fact]
    public async Task A_page_that_closes_leaves_its_run_running()
    {
        var page = Open();
        page.Part("generate").Click();
        Assert.Equal(1, Runs.Last.Subscribers);

        await DisposeComponentsAsync();
        Tick();

        await page.InvokeAsync(() => { });
        Assert.True(SpinWait.SpinUntil(() => Runs.Last.Subscribers == 0, TimeSpan.FromSeconds(5)));
        Assert.False(Runs.Last.IsCancelled);
        Assert.Equal(0, Models.Subscribers);
    }

    [Fact]
    public void Keys_generate_and_stop()
    {
        var page = Open();
        page.Settled().Find("main").TriggerEvent("onrunkey", new RunKeyEventArgs { Action = "generate" });
        page.WaitForState(() => page.Parts("stop").Count == 1);
        page.Settled().Find("main").TriggerEvent("onrunkey", new RunKeyEventArgs { Action = "stop" });

        Assert.True(Runs.Last.IsCancelled);
    }

    [Fact]
    public void A_screen_reader_hears_every_few_seconds_and_at_the_end_not_every_token()
    {
        var page = Open();
        page.Part("generate").Click();
        var heard = new List<string>();
        for (var i = 0; i < 70; i++)
        {
            Runs.Last.Add(Scripted.Step(i, " a", 0.5));
            Tick();
            page.WaitForState(() => page.Tokens().Count == i + 1);
            if (heard.LastOrDefault() != page.Text("spoken"))
                heard.Add(page.Text("spoken"));
        }

        Assert.True(heard.Count <= 2, string.Join(" | ", heard));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForAssertion(() => Assert.StartsWith("Finished with 70 tokens", page.Text("spoken"), StringComparison.Ordinal));
        Assert.Equal("false", page.Part("tokens").GetAttribute("aria-busy"));
    }
}
