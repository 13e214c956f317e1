using Bunit;
using LmPlayground.Runs.Jobs;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Web.Tests;

/// <summary>Every word of the field explains itself where it stands.</summary>
public sealed class TermTests : PageTest
{
    [Fact]
    public void Every_term_has_a_short_explanation_of_its_own()
    {
        Assert.All(Terms.Names, name => Assert.InRange(Terms.Explain(name).Length, 20, 220));
        Assert.Distinct(Terms.Names.Select(Terms.Explain));
        Assert.Contains("unheard-of", Assert.Throws<KeyNotFoundException>(() => Terms.Explain("unheard-of")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("surprisal")]
    [InlineData("bits")]
    [InlineData("u")]
    [InlineData("after sampler")]
    [InlineData("model")]
    [InlineData("rank")]
    [InlineData("all tokens")]
    [InlineData("order")]
    [InlineData("strategy")]
    public void The_playground_explains(string term)
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, "One", 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("candidates").Count == 1);
        Explains(page.Settled().Find($"button[data-term='{term}']"), term);
    }

    [Theory]
    [InlineData("js")]
    [InlineData("tv")]
    [InlineData("kl")]
    [InlineData("kl-reverse")]
    [InlineData("chi-square")]
    [InlineData("distinct_1")]
    public void The_table_of_a_comparison_explains(string term) => Assert.NotNull(OpenCompare().Settled().Find($"button[data-term='{term}'][aria-description]"));

    [Fact]
    public void The_legend_of_colours_has_numbers_and_the_marks_have_a_legend_while_there_are_any()
    {
        var page = Open();
        Assert.Equal(["70+", "50", "30", "15", "7", "<7"], page.Settled().FindAll(".heat i").Select(step => step.TextContent));
        Assert.Empty(page.Parts("marks"));
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, "One", 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.Part("stage-top_k-number").Change("1");
        Rest();
        page.WaitForAssertion(() => Assert.Equal("removed drawn differently", page.Text("marks")));
    }

    [Fact]
    public void Nothing_has_a_label_that_has_no_role()
    {
        string[] roled = ["BUTTON", "INPUT", "SELECT", "TEXTAREA", "SECTION", "NAV", "TABLE", "PROGRESS", "A", "ARTICLE", "OL", "UL", "MAIN", "ASIDE", "FORM"];
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, "One", 0.5));
        Tick();
        page.WaitForState(() => page.Parts("candidates").Count == 1);
        foreach (var element in page.Settled().FindAll("[aria-label]").Concat(OpenCompare().Settled().FindAll("[aria-label]")))
            Assert.True(element.HasAttribute("role") || roled.Contains(element.TagName), element.OuterHtml[..Math.Min(200, element.OuterHtml.Length)]);
    }

    [Fact]
    public async Task Another_model_during_a_run_ends_nothing_and_the_page_says_so()
    {
        using var page = new PlaygroundPage(Runs, Models, Tokenizers, Navigation, Clock, new PageThread(act => act(), () => { }, NullLogger.Instance, Words.Page));
        await page.ConnectAsync("tab");
        await page.GenerateAsync();
        Runs.Last.ChangeJob(job => job with { Status = JobStatus.Working });
        Tick();
        await page.PickModelAsync("lstm");
        Assert.False(Runs.Last.IsCancelled);
        Assert.Contains("Story Transformer goes on", Assert.Single(page.Notices.Items), StringComparison.Ordinal);
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        await page.PickModelAsync("transformer");
        Assert.Single(page.Notices.Items);
    }

    private static void Explains(AngleSharp.Dom.IElement term, string name)
    {
        Assert.Equal(Terms.Explain(name), term.GetAttribute("aria-description"));
        Assert.NotEmpty(term.TextContent);
    }
}
