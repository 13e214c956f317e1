using Bunit;
using LmPlayground.Runs.Planning;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

/// <summary>The page with an encoder-decoder.</summary>
public sealed class SourcePageTests : PageTest
{
    public SourcePageTests() => Models.Set(
        Scripted.Model("t5", "T5", isKnown: false) with { ReadsSource = true },
        Scripted.Model("lstm", "Story LSTM"));

    [Fact]
    public void An_encoder_decoder_has_a_source_text_and_an_empty_beginning_of_its_own()
    {
        var page = Open();
        Assert.Equal(ModelDefaults.FallbackSource, page.Part("source").GetAttribute("value"));
        Assert.Equal("", page.Part("prompt").GetAttribute("value"));
        Assert.Equal(("main", false), (page.Part("prompt").Id, page.Part("source").HasAttribute("id")));
        page.Part("generate").Click();
        var request = Runs.Last.Request;
        Assert.Equal((ModelDefaults.FallbackSource, ""), (request.Source, request.Prompt));
    }

    [Fact]
    public void Another_model_has_none_of_it_and_is_asked_without_one()
    {
        var page = Open("?model=lstm&source=a+text");
        Assert.Empty(page.Parts("source"));
        page.Part("generate").Click();
        Assert.Null(Runs.Last.Request.Source);
        Assert.Equal("Once upon a time", Runs.Last.Request.Prompt);
    }

    [Fact]
    public void Source_and_beginning_come_from_the_address_and_stay_in_it()
    {
        var page = Open("?source=The+cat.&prompt=Die");
        Assert.Equal("The cat.", page.Part("source").GetAttribute("value"));
        page.Part("generate").Click();
        Assert.Equal(("The cat.", "Die"), (Runs.Last.Request.Source, Runs.Last.Request.Prompt));
        Assert.Contains("source=The%20cat.", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edited_source_is_written_into_the_address_and_makes_the_tokens_those_of_another_text()
    {
        var page = Open("?source=one");
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " word", 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        Assert.False(page.Part("continue").HasAttribute("disabled"));
        page.Find(".source-text .mirror").TriggerEvent("onpromptedit", new PromptEditEventArgs { Text = "two" });
        Rest();
        Assert.Contains("source=two", Navigation.Uri, StringComparison.Ordinal);
        Assert.Contains("another", page.Text("what-if"), StringComparison.Ordinal);
        Assert.True(page.Part("continue").HasAttribute("disabled"));
    }

    [Fact]
    public void Examples_are_sources()
    {
        var page = Open("?source=");
        page.FindAll(".examples button")[0].Click();
        page.Part("generate").Click();
        Assert.NotEqual("", Runs.Last.Request.Source);
        Assert.Equal("", Runs.Last.Request.Prompt);
    }

    [Fact]
    public void Picking_another_model_and_back_keeps_the_source()
    {
        var page = Open("?source=mine");
        Navigation.NavigateTo("/?model=lstm&source=mine");
        Tick();
        Assert.Empty(page.Parts("source"));
        Navigation.NavigateTo("/?model=t5&source=mine");
        Tick();
        Assert.Equal("mine", page.Part("source").GetAttribute("value"));
    }

    [Fact]
    public void The_status_line_counts_the_source()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Change(snapshot => snapshot with { SourceTokens = 24, SourceContextLength = 128 });
        Tick();
        Assert.Contains("24", page.Text("source-tokens"), StringComparison.Ordinal);
        Assert.Contains("/ 128", page.Text("status"), StringComparison.Ordinal);
    }
}
