using Bunit;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Sharing.Replaying;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Pages;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

/// <summary>The page that runs a shared demo again, over jobs that a test drives.</summary>
public sealed class ReplayPageTests : PageTest
{
    [Fact]
    public void A_demo_waits_for_its_turn_runs_and_says_that_it_is_the_same()
    {
        var page = OpenDemo("ngram");
        Assert.Contains("not been run", page.Text("state"), StringComparison.Ordinal);
        page.Part("start").Click();
        Assert.Equal([("ngram", 1)], Replays.Started);

        Replays.Last.ChangeJob(job => job with { Status = JobStatus.Queued, QueuePosition = 3 });
        Tick();
        Assert.Contains("3rd", page.Text("state"), StringComparison.Ordinal);
        Assert.True(page.Settled().Find("fieldset").HasAttribute("disabled"));

        Replays.Last.ChangeJob(job => job with { Status = JobStatus.Working, QueuePosition = 0, Progress = 0.5, Detail = job.Detail with { Done = 6 } });
        Tick();
        Assert.Equal("6 of 12 tokens are there again", page.Text("state"));

        End(new DemoVerdict([new DemoRunVerdict("r0", null, null)], []));
        Assert.Equal("The same: it reproduces", page.Text("whole"));
        Assert.Contains("All 12 tokens are the same", page.Text("verdict-r0"), StringComparison.Ordinal);
        Assert.Empty(page.Parts("causes"));
    }

    [Fact]
    public void As_one_row_of_eight_it_asks_for_eight_and_says_so()
    {
        var page = OpenDemo("ngram");
        page.Part("as-row").Change(true);
        page.Part("start").Click();
        Assert.Equal([("ngram", 8)], Replays.Started);
        End(new DemoVerdict([new DemoRunVerdict("r0", null, null)], []));
        Assert.Contains("one row of eight", page.Text("whole"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("beams")]
    [InlineData("masked-fill")]
    public void A_search_and_a_masked_text_cannot_be_a_row(string name)
    {
        var page = OpenDemo(name);
        Assert.True(page.Part("as-row").HasAttribute("disabled"));
        Assert.Contains("rows of their own", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_stopped_by_its_button_and_by_Escape_and_there_is_no_verdict_then()
    {
        var page = OpenDemo("ngram");
        page.Part("start").Click();
        page.Settled().Find("main").TriggerEvent("onrunkey", new RunKeyEventArgs { Action = "stop" });
        Assert.True(page.Settled() is not null && Replays.Last.IsCancelled);
        Replays.Last.ChangeJob(job => job with { Status = JobStatus.Finished });
        Tick();
        Assert.Contains("no verdict", page.Text("stopped"), StringComparison.Ordinal);
        page.Part("start").Click();
        page.Part("stop").Click();
        Assert.True(page.Settled() is not null && Replays.Last.IsCancelled);
    }

    [Fact]
    public void Another_token_is_shown_on_both_sides_with_what_may_be_why()
    {
        var demo = Goldens.Read("ngram");
        var (recorded, other) = (DemoTokens.At(demo, demo.Runs[0], 4), DemoTokens.At(demo, demo.Runs[0], 7));
        var numbers = new DemoDifference(2, DemoTokens.At(demo, demo.Runs[0], 2), DemoTokens.At(demo, demo.Runs[0], 2) with { Entropy = 1.25 });
        var page = OpenDemo("ngram");
        page.Part("start").Click();
        End(new DemoVerdict([new DemoRunVerdict("r0", new DemoDifference(4, recorded, other), numbers)], [new DemoCause("model", "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb") { Model = "Story N-gram" }]));

        Assert.Equal("Different: it does not reproduce", page.Text("whole"));
        Assert.Contains("token 5:", page.Text("verdict-r0"), StringComparison.Ordinal);
        Assert.Contains("Numbers differ from token 3 on.", page.Text("verdict-r0"), StringComparison.Ordinal);

        // The first difference of either kind is the one that is shown.
        Assert.Contains("In the demo: token 3", page.Text("side-demo"), StringComparison.Ordinal);
        Assert.Contains("Here: token 3", page.Text("side-here"), StringComparison.Ordinal);
        Assert.Contains("Entropy in bits", page.Text("numbers"), StringComparison.Ordinal);
        Assert.Contains("1.25", page.Text("numbers"), StringComparison.Ordinal);
        Assert.Contains("Story N-gram", page.Text("causes"), StringComparison.Ordinal);
        Assert.Contains("aaaaaaaaaaaa there and bbbbbbbbbbbb here", page.Text("causes"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_that_ends_earlier_or_later_says_so()
    {
        var demo = Goldens.Read("ngram");
        var step = DemoTokens.At(demo, demo.Runs[0], 4);
        var page = OpenDemo("ngram");
        page.Part("start").Click();
        End(new DemoVerdict([new DemoRunVerdict("r0", new DemoDifference(4, step, null), null)], []));
        Assert.Contains("ended here after 4 tokens; the demo has 12", page.Text("verdict-r0"), StringComparison.Ordinal);
        Assert.Contains("nothing that is known explains", page.Text("causes"), StringComparison.Ordinal);
        page.Part("start").Click();
        End(new DemoVerdict([new DemoRunVerdict("r0", new DemoDifference(12, null, step), null)], []));
        Assert.Contains("went on here after the 12 tokens", page.Text("verdict-r0"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_has_a_verdict_for_each_column_and_one_whose_model_is_missing_says_so()
    {
        var page = OpenDemo("comparison");
        page.Part("start").Click();
        End(new DemoVerdict(
            [new DemoRunVerdict("r0", null, null), new DemoRunVerdict("r1", null, null), new DemoRunVerdict("r2", null, null) { Error = Message.Of("test", $"It is not here.") }],
            []));
        Assert.StartsWith("1 · ", page.Text("verdict-r0"), StringComparison.Ordinal);
        Assert.Contains("temperature 1.4", page.Text("verdict-r1"), StringComparison.Ordinal);
        Assert.Contains("It is not here.", page.Text("verdict-r2"), StringComparison.Ordinal);
        Assert.Equal("Different: it does not reproduce", page.Text("whole"));
    }

    [Fact]
    public void A_model_that_is_not_here_is_named_with_the_way_to_get_it()
    {
        var page = OpenDemo("beams");
        Assert.Empty(page.Parts("model-missing"));
        Models.Set(Scripted.Model("other", "Another"));
        page = OpenDemo("beams");
        Assert.Contains("Story Transformer", page.Text("model-missing"), StringComparison.Ordinal);
        Assert.NotNull(page.Settled().Find("[data-testid=model-missing] a[href='/models']"));
    }

    [Fact]
    public void A_tab_finds_its_replay_of_this_demo_again_and_not_that_of_another()
    {
        Replays.Found = FakeReplays.Of("another", 8, 5);
        var page = OpenDemo("ngram");
        Assert.Contains("not been run", page.Text("state"), StringComparison.Ordinal);
        Replays.Found = FakeReplays.Of("ngram", 8, 12);
        page = OpenDemo("ngram");
        Tick();
        Assert.NotNull(page.Part("stop"));
        Assert.Equal("0 of 12 tokens are there again", page.Text("state"));
    }

    [Fact]
    public void A_failure_of_the_job_is_shown_in_its_words()
    {
        var page = OpenDemo("ngram");
        page.Part("start").Click();
        Replays.Last.ChangeJob(job => job with { Status = JobStatus.Failed, Error = Message.Of("test", $"The queue is full.") });
        Tick();
        Assert.Equal("The queue is full.", page.Text("error"));
        Assert.NotNull(page.Part("start"));
    }

    [Fact]
    public void A_demo_that_is_not_there_says_why_and_keeps_its_title()
    {
        Demos.Demos["gone"] = new OpenedDemo(410) { Title = "The lost story", Sentence = "It was taken back." };
        var page = Render<DemoAgain>(parameters => parameters.Add(again => again.Id, "gone"));
        Assert.Equal("The lost story", page.Settled().Find("h1").TextContent);
        Assert.Contains("It was taken back.", page.Text("demo-notice"), StringComparison.Ordinal);
    }

    private IRenderedComponent<DemoAgain> OpenDemo(string name)
    {
        Demos.Demos[name] = new OpenedDemo(200) { Demo = Goldens.Read(name) };
        return Render<DemoAgain>(parameters => parameters.Add(again => again.Id, name));
    }

    private void End(DemoVerdict verdict)
    {
        Replays.Last.ChangeJob(job => job with { Status = JobStatus.Finished, Detail = job.Detail with { Verdict = verdict } });
        Tick();
    }
}
