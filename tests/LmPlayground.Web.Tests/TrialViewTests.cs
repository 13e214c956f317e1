using Bunit;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

/// <summary>Other settings on a recorded demo.</summary>
public sealed class TrialViewTests : PageTest
{
    [Theory]
    [InlineData("ngram")]
    [InlineData("masked-fill")]
    [InlineData("beams")]
    [InlineData("source")]
    [InlineData("chat")]
    public void Each_token_is_marked_as_the_demo_can_tell_and_no_model_is_asked(string name)
    {
        var page = OpenTrial(Goldens.Read(name));
        var demo = Goldens.Read(name);
        page.Part("stage-temperature-number").Change("0.7");
        var options = demo.Runs[0].Strategy.Sampling(new SamplingOptions()).With(TemperatureStage.Temperature, 0.7);
        var expected = new DemoReview(demo, demo.Runs[0]).Compare(options).Select((outcome, i) => outcome.MarkOf(DemoTokens.At(demo, demo.Runs[0], i))).ToList();
        var same = expected.Count(mark => mark == DemoMark.Same);
        var unknown = expected.Count(mark => mark == DemoMark.Unknown);
        page.WaitForAssertion(() => Assert.Equal(
            $"Of {expected.Count} tokens {same} would be the same, {expected.Count - same - unknown} others, and {unknown} are not known.", page.Text("what-if")));
        Assert.Empty(Loader.Asked);
        Assert.Empty(Runs.Started);
        if (name == "masked-fill")
            return;
        Assert.Equal(
            string.Concat(expected.Select(mark => mark switch { DemoMark.Removed => 'x', DemoMark.Redrawn => 'd', DemoMark.Unknown => 'u', _ => '.' })),
            string.Concat(page.Settled().FindAll("token-chunk").Select(chunk => chunk.GetAttribute("data-marks") ?? new string('.', Math.Min(32, expected.Count)))));
    }

    [Fact]
    public void The_selected_token_shows_both_distributions_and_how_sure_they_are()
    {
        var demo = Goldens.Read("ngram");
        var page = OpenTrial(demo);
        Assert.Equal("As the demo recorded it.", page.Text("certainty"));
        page.Part("stage-temperature-number").Change("0.7");
        var options = demo.Runs[0].Strategy.Sampling(new SamplingOptions()).With(TemperatureStage.Temperature, 0.7);
        var review = new DemoReview(demo, demo.Runs[0]);
        var seen = new HashSet<bool>();
        for (var index = 0; index < demo.Runs[0].Steps.Count; index++)
        {
            page.Select(index);
            var outcome = review.Evaluate(index, options);
            page.WaitForAssertion(() => Assert.Contains(outcome.IsKnown ? "ithin 0.01" : "Not known from what the demo keeps", page.Text("certainty"), StringComparison.Ordinal));
            Assert.Equal(outcome.IsKnown, page.Settled().Find(".candidates tbody td").TextContent != "?");
            seen.Add(outcome.IsKnown);
        }

        Assert.Contains(true, seen);
    }

    [Fact]
    public void What_a_demo_cannot_tell_says_so_at_its_control_and_at_its_tokens()
    {
        var page = OpenTrial(Goldens.Read("ngram"));
        Assert.Empty(page.Parts("stage-temperature-note"));
        page.AddStage("dynamic_temperature");
        Assert.Contains("Not known from what a demo keeps", page.Text("stage-dynamic_temperature-note"), StringComparison.Ordinal);
        page.InvokeAsync(() => page.Find("[data-testid=stage-dynamic_temperature] input:not([type=range])").Change("0.5"));
        page.WaitForAssertion(() => Assert.Contains("12 are not known", page.Text("what-if"), StringComparison.Ordinal));
        Assert.Contains("needs more than that", page.Text("certainty"), StringComparison.Ordinal);
        page.Part("as-recorded").Click();
        Assert.Equal("As the demo recorded it.", page.Text("certainty"));
        Assert.Empty(page.Parts("marks"));
    }

    [Fact]
    public void A_demo_without_logits_says_so_and_its_controls_do_nothing()
    {
        var demo = Goldens.Read("ngram");
        demo = demo with { Runs = [demo.Runs[0] with { Steps = demo.Runs[0].Steps with { Tail = null } }] };
        var page = OpenTrial(demo);
        Assert.Contains("keeps no logits", page.Text("no-logits"), StringComparison.Ordinal);
        Assert.True(page.Part("stage-temperature-number").HasAttribute("disabled"));
    }

    [Fact]
    public void A_column_and_a_branch_can_be_chosen()
    {
        var page = OpenTrial(Goldens.Read("comparison"));
        Assert.Equal(["0", "1", "2"], page.Picker("which").Options.Select(option => option.Value));
        page.Pick("which", "2");
        Assert.Contains("Token", page.Text("token-title"), StringComparison.Ordinal);

        page = OpenTrial(Goldens.WithBranch(), run: 1);
        Assert.Equal("1", page.Picker("which").Value);
        Assert.Contains("From token 6 on temperature 1.4", page.Picker("which").Options.Select(option => option.Text));
        Assert.EndsWith("?run=1", page.Part("back").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-5, -5)]
    [InlineData(999, 9999)]
    public void An_address_that_names_no_run_and_no_token_shows_the_first(int run, int token)
    {
        var page = OpenTrial(Goldens.WithBranch(), run, token);
        Assert.Matches("Token (1|12) of 12", page.Text("token-title"));
    }

    private IRenderedComponent<TrialView> OpenTrial(SharedDemo demo, int run = 0, int token = 0) => Render<TrialView>(
        parameters => parameters.Add(view => view.Id, "demo").Add(view => view.Demo, demo).Add(view => view.Run, run).Add(view => view.Token, token));
}
