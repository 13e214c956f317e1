using Bunit;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Pages;
using LmPlayground.Web.Components.Panels;
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
    public void Each_term_is_used_on_a_page()
    {
        Models.Set(Scripted.Model("transformer", "Story Transformer"), Scripted.Model("lstm", "Story LSTM"));
        var used = new HashSet<string>();
        Collect(Ran(), used);
        var step = new BeamStep { Length = 1, Live = [], Finished = [], IsLast = true, Returned = [] };
        Collect(Render<BeamList>(parameters => parameters.Add(list => list.View, new BeamsView(step, new FakeModel().Tokenizer, 1))), used);
        Collect(Compared(), used);
        var tokens = Render<Tokens>();
        tokens.WaitForState(() => tokens.FindAll(".split-counts").Count > 0);
        Collect(tokens, used);
        Collect(Render<Components.Pages.Models>(), used);
        Assert.Equal(Terms.Names.Order(), Terms.Names.Intersect(used).Order());
    }

    [Fact]
    public void Each_heading_of_the_alternatives_and_each_metric_explains_itself()
    {
        var page = Ran();
        var headings = page.Settled().FindAll(".candidates thead th:not(.share)");
        Assert.Equal(["token", "rank", "id", "logit", "after %", "model %", "sum %"], headings.Select(heading => heading.TextContent.Trim()));
        Assert.All(headings, ExplainsItself);
        Assert.All(Compared().Settled().FindAll(".metrics tbody tr:not(.part) th[scope=row]"), ExplainsItself);
    }

    [Theory]
    [InlineData("?num_beams=4&num_beam_groups=2&diversity_penalty=1", "num_beams", "length_penalty", "early_stopping", "num_beam_groups", "diversity_penalty", "guidance_scale")]
    [InlineData("?best_of=3&guidance_scale=2", "best_of", "guidance_scale", "negative_prompt")]
    [InlineData("", "max_time", "seed", "strategy")]
    public void Each_setting_below_the_stages_explains_itself(string query, params string[] settings)
    {
        var page = Open(query);
        Assert.All(settings, setting => Assert.NotEmpty(page.Settled().Find($"button[data-term='{setting}']").GetAttribute("aria-description")!));
    }

    [Theory]
    [InlineData("transformers")]
    [InlineData("llama.cpp")]
    [InlineData("vLLM")]
    public void Each_order_explains_itself_in_one_sentence(string name)
    {
        var page = Open();
        page.Pick("order", name);
        var help = page.Text("order-help");
        Assert.Matches("^[^.]{20,80}\\.$", help);
        Assert.Equal(help, Words.Page[OrderPresets.HelpOf(name)]);
        Assert.Distinct(OrderPresets.All.Select(preset => preset.Help).Append(OrderPresets.HelpOf(OrderPresets.Custom)));
    }

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

    /// <summary>A run with every column of its table shown, and other settings than its own.</summary>
    private IRenderedComponent<Playground> Ran()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, "One", 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("candidates").Count == 1);
        page.Part("details").Click();
        page.Part("stage-top_k-number").Change("1");
        Rest();
        page.WaitForAssertion(() => page.Find("button[data-term='what-if']"));
        return page;
    }

    private IRenderedComponent<Compare> Compared()
    {
        var page = OpenCompare();
        page.Part("generate").Click();
        Comparisons.Last.ChangeJob(job => job with
        {
            Status = JobStatus.Finished,
            Detail = job.Detail with
            {
                ForwardPasses = (3, 4),
                Columns = [.. job.Detail.Columns.Select((column, index) => column with { Steps = [Scripted.Step(0, $"{index}", 0.5)], Difference = 0 })],
            },
        });
        Tick();
        page.WaitForAssertion(() => page.Find("button[data-term='passes']"));
        return page;
    }

    private static void Collect<T>(IRenderedComponent<T> page, HashSet<string> used)
        where T : Microsoft.AspNetCore.Components.IComponent =>
        used.UnionWith(page.Settled().FindAll("button[data-term][aria-description]").Select(term => term.GetAttribute("data-term")!));

    private static void ExplainsItself(AngleSharp.Dom.IElement heading) =>
        Assert.NotEmpty(heading.QuerySelector("button[data-term]")?.GetAttribute("aria-description") ?? "");

    private static void Explains(AngleSharp.Dom.IElement term, string name)
    {
        Assert.Equal(Terms.Explain(name), term.GetAttribute("aria-description"));
        Assert.NotEmpty(term.TextContent);
    }
}
