using Bunit;
using LmPlayground.Generation.Masking;
using LmPlayground.Models;
using LmPlayground.Runs;
using LmPlayground.Web.Tests.Fakes;

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
