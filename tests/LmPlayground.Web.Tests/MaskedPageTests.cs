using Bunit;
using LmPlayground.Generation.Masking;
using LmPlayground.Models;
using LmPlayground.Runs;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Tests;

/// <summary>The page with a masked model.</summary>
public sealed class MaskedPageTests : PageTest
{
    public MaskedPageTests() => Models.Set(
        Scripted.Model("bert", "Bert", isKnown: false) with { MaskToken = "[MASK]" },
        Scripted.Model("lstm", "Story LSTM", new GenerationDefaults()));

    [Fact]
    public void A_masked_model_has_its_own_actions_and_nothing_that_makes_no_sense_for_it()
    {
        var page = Open();
        Assert.Equal("The [MASK] sat on the [MASK].", page.Part("prompt").GetAttribute("value"));
        Assert.Contains("Fill", page.Text("generate"), StringComparison.Ordinal);
        Assert.Contains("[MASK]", page.Text("insert-mask"), StringComparison.Ordinal);
        Assert.All(new[] { "next", "continue", "max-new-tokens-number", "stop-at-eos", "add-stop-string" }, name => Assert.Empty(page.Parts(name)));
        Assert.NotEmpty(page.Parts("seed"));
    }

    [Fact]
    public void A_model_that_continues_has_none_of_them()
    {
        var page = Open("?model=lstm");
        Assert.All(new[] { "score", "insert-mask", "fill-order" }, name => Assert.Empty(page.Parts(name)));
        page.Part("generate").Click();
        Assert.Null(Runs.Last.Request.Task);
    }

    [Fact]
    public void Fill_asks_in_the_order_of_the_address_and_score_for_a_score()
    {
        var page = Open("?fill_order=most-certain");
        page.Part("generate").Click();
        Assert.Equal((null, FillOrder.MostCertain), (Runs.Last.Request.Task, Runs.Last.Request.FillOrder));
        page.Part("stop").Click();
        Tick();
        page.Part("score").Click();
        Assert.Equal(RunTask.Score, Runs.Last.Request.Task);
    }

    [Fact]
    public void A_masked_page_speaks_of_filling_and_of_no_next_token()
    {
        var page = Open("?prompt=");
        Assert.Contains("[MASK] in each place", page.Part("prompt").GetAttribute("placeholder"), StringComparison.Ordinal);
        Assert.Equal("Text", page.Part("prompt").GetAttribute("aria-label"));
        Assert.DoesNotMatch("(?i)generat|next token|continu", page.Settled().Find("main").TextContent);
        Assert.DoesNotMatch("(?i)generat|next token|continu", string.Join('\n', page.FindAll("main [title], main [aria-label], main [placeholder]")
            .Where(element => element.Closest(".sampler-panel, [data-testid=next-token]") is null)
            .SelectMany(element => new[] { element.GetAttribute("title"), element.GetAttribute("aria-label"), element.GetAttribute("placeholder") })));
    }

    [Fact]
    public void The_address_of_a_score_says_so_and_that_of_the_next_fill_does_not()
    {
        var page = Open("?seed=7");
        page.Part("score").Click();
        Assert.Contains("task=score", Navigation.Uri, StringComparison.Ordinal);
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("generate").Count == 1);
        page.Part("generate").Click();
        Assert.DoesNotContain("task", Navigation.Uri, StringComparison.Ordinal);
        Assert.Null(Runs.Last.Request.Task);
    }

    [Fact]
    public void The_address_of_a_score_opens_with_the_score_or_says_which_button_makes_it()
    {
        var page = Open("?task=score&seed=7&prompt=Hello");
        page.WaitForAssertion(() => Assert.Contains("Score makes the score again", page.Text("notices"), StringComparison.Ordinal));
        page.Part("score").Click();
        Runs.Last.Add(Scripted.Step(0, "Hello", 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        Runs.Found = Runs.Last;
        var again = Open(new Uri(Navigation.Uri).Query);
        again.WaitForState(() => again.Parts("token-count").Count > 0);
        Assert.Empty(again.Parts("notices"));

        // A fill of the same text is not that score.
        var fill = Open("?seed=7&prompt=Hello");
        fill.WaitForState(() => !fill.Part("generate").HasAttribute("disabled"));
        Assert.Empty(fill.Parts("token-count"));
    }

    [Fact]
    public void Going_back_to_a_score_names_its_button()
    {
        var page = Open();
        page.Part("score").Click();
        var address = Navigation.Uri;
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("generate").Count == 1);
        page.Part("generate").Click();
        Assert.NotEqual(address, Navigation.Uri);
        Navigation.NavigateTo(address, new NavigationOptions { HistoryEntryState = "generated" });
        page.WaitForAssertion(() => Assert.Contains("The score of this address is not kept: Score makes it again", page.Text("notices"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("?model=lstm&task=score")]
    [InlineData("?model=lstm&task=fill")]
    public void A_task_that_a_model_was_not_made_for_does_not_keep_it_from_its_own(string query)
    {
        var page = Open(query);
        page.Part("generate").Click();
        Assert.Null(Runs.Last.Request.Task);
    }

    [Fact]
    public void What_is_said_of_a_masked_run_counts_masks()
    {
        var page = Open();
        page.Part("generate").Click();
        using var model = new FakeMaskedModel();
        Runs.Last.Change(run => run with { Masked = MaskedText.Read(model, "a <s> b <s>") });
        Runs.Last.Add(Scripted.Step(0, "cat", 0.5), Scripted.Step(1, "hat", 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForAssertion(() => Assert.Equal("Finished: 2 of 2 masks filled", page.Text("spoken")));
        Assert.StartsWith("2 of 2 masks filled", page.Text("status"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_is_kept_in_the_address()
    {
        var page = Open();
        page.Pick("fill-order", "most-certain");
        Rest();
        Assert.Contains("fill_order=most-certain", Navigation.Uri, StringComparison.Ordinal);
        page.Pick("fill-order", "left-to-right");
        Rest();
        Assert.DoesNotContain("fill_order", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_that_does_not_exist_is_said()
    {
        var page = Open("?fill_order=backwards");
        Assert.Contains("backwards", page.Markup, StringComparison.Ordinal);
    }
}
