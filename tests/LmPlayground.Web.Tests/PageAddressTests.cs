using Bunit;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Pages;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Tests;

public sealed class PageAddressTests : PageTest
{
    [Fact]
    public void The_page_starts_as_its_address_says()
    {
        var page = Open("?model=lstm&prompt=Hello&temperature=1.3&seed=7&max_new_tokens=5&ignore_eos=true&stop=%5Cn");
        page.Part("generate").Click();
        var request = Runs.Started[^1].Request;
        Assert.Equal(("lstm", "Hello", 1.3, 7ul), (request.Model, request.Prompt, Runs.Started[^1].Sampling.Temperature, request.Seed!.Value));
        Assert.Equal((5, false, "\n"), (request.Stopping.MaxNewTokens, request.Stopping.StopAtEndOfSequence, Assert.Single(request.Stopping.StopStrings)));
    }

    [Fact]
    public void The_page_has_an_example_in_its_prompt_box()
    {
        var page = Open();
        Assert.Equal("Once upon a time", page.Part("prompt").GetAttribute("value"));
        Assert.Equal("Once upon a time", page.Settled().Find(".mirror").TextContent);
        Assert.Empty(page.Parts("example"));
    }

    [Fact]
    public void An_empty_prompt_offers_examples()
    {
        var page = Open("?prompt=");
        page.Parts("example")[1].Click();
        Assert.Empty(page.Parts("example"));
        page.Part("generate").Click();
        Assert.Equal("The little dog was very happy because", Runs.Started[^1].Request.Prompt);
    }

    [Fact]
    public void What_was_clamped_is_said_until_it_is_dismissed()
    {
        var page = Open("?temperature=9");
        Assert.Equal("temperature 9 is outside 0 to 5: 5 is used.", page.Text("notices"));
        page.Settled().Find(".notices button").Click();
        Assert.Empty(page.Parts("notices"));
    }

    [Fact]
    public void A_model_that_is_not_there_is_said()
    {
        var page = Open("?model=gone");
        Assert.Equal("There is no model 'gone' here: Story Transformer is used.", page.Text("notices"));
    }

    [Fact]
    public void A_model_that_cannot_be_used_says_why_and_the_others_work_on()
    {
        Models.Set(Scripted.Model("broken", "Broken") with { State = ModelState.Failed, Error = "model.onnx: the file is truncated." }, Scripted.Model("lstm", "Story LSTM"));
        var page = Open("?model=broken");
        Assert.Equal("model.onnx: the file is truncated.", page.Text("error"));

        Navigation.NavigateTo("/");
        page.WaitForAssertion(() => Assert.Empty(page.Parts("error")));
        page.Part("generate").Click();
        Assert.Equal("lstm", Runs.Started[^1].Request.Model);
    }

    [Fact]
    public void Without_a_model_the_page_says_what_to_do()
    {
        Models.Set();
        Assert.Contains("--models", Open().Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_are_written_over_one_entry_once_they_rest()
    {
        var page = Open();
        var before = Navigation.Uri;
        page.Part("stage-top_k-slider").Input("10");
        page.Part("stage-top_k-slider").Input("20");
        Assert.Equal(before, Navigation.Uri);

        Rest();

        page.WaitForAssertion(() => Assert.EndsWith("/?top_k=20", Navigation.Uri, StringComparison.Ordinal));
        Assert.True(History.First().Options.ReplaceHistoryEntry);
    }

    [Fact]
    public void What_a_run_was_started_with_has_an_entry_of_its_own()
    {
        var page = Open();
        page.Part("stage-top_k-number").Change("10");
        page.Part("generate").Click();
        Assert.Contains("/?top_k=10&seed=", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal("generated", History.First().Options.HistoryEntryState);

        page.Part("stage-top_k-number").Change("20");
        Rest();
        page.WaitForAssertion(() => Assert.EndsWith(Draft("top_k=20"), Navigation.Uri, StringComparison.Ordinal));
        Assert.False(History.First().Options.ReplaceHistoryEntry);

        page.Part("stage-top_k-number").Change("30");
        Rest();
        page.WaitForAssertion(() => Assert.EndsWith(Draft("top_k=30"), Navigation.Uri, StringComparison.Ordinal));
        Assert.True(History.First().Options.ReplaceHistoryEntry);
    }

    [Fact]
    public async Task After_a_reload_an_edit_still_makes_an_entry_of_its_own()
    {
        var page = Open("?top_k=10&prompt=Hi");
        page.Part("generate").Click();
        Runs.Last.Finish(FinishReason.Length);
        Runs.Found = Runs.Last;
        await DisposeComponentsAsync();
        page = Render<Playground>();
        page.Part("stage-top_k-number").Change("20");
        Rest();
        page.WaitForAssertion(() => Assert.Contains("top_k=20", Navigation.Uri, StringComparison.Ordinal));
        Assert.False(History.First().Options.ReplaceHistoryEntry);
    }

    [Fact]
    public void Going_back_brings_settings_and_prompt_back()
    {
        var page = Open("?prompt=First&top_k=5");
        page.Type("Second");
        page.Part("stage-top_k-number").Change("6");
        Rest();
        page.WaitForAssertion(() => Assert.EndsWith("/?top_k=6&prompt=Second", Navigation.Uri, StringComparison.Ordinal));

        Navigation.NavigateTo("/?prompt=First&top_k=5");

        page.WaitForAssertion(() => Assert.Equal("5", page.Part("stage-top_k-number").GetAttribute("value")));
        page.Part("generate").Click();
        Assert.Equal("First", Runs.Started[^1].Request.Prompt);
    }

    [Fact]
    public void A_prompt_that_is_too_long_for_the_address_is_kept_by_the_tab_and_the_page_says_so()
    {
        var page = Open();
        var prompt = new string('x', 1_000_000) + "\ud800\0";
        page.Type(prompt);
        Rest();

        page.WaitForAssertion(() => Assert.EndsWith("/?prompt_ref=" + RunQuery.Reference(prompt), Navigation.Uri, StringComparison.Ordinal));
        Assert.Equal("The prompt is too long for the page's address: this tab keeps it.", page.Text("notices"));
        page.Part("generate").Click();
        Assert.Equal(prompt, Runs.Started[^1].Request.Prompt);
    }

    [Fact]
    public void Before_the_browser_is_connected_nothing_can_be_clicked_or_typed()
    {
        SetRendererInfo(new RendererInfo("Static", false));
        var page = Open();
        Assert.True(page.Part("generate").HasAttribute("disabled"));
        Assert.True(page.Part("prompt").HasAttribute("readonly"));
        Assert.True(page.Part("stage-temperature-slider").HasAttribute("disabled"));
    }

    [Fact]
    public void Every_control_has_a_name()
    {
        var page = Open();
        foreach (var control in page.Settled().FindAll("main input, main textarea, main select"))
        {
            var label = control.GetAttribute("aria-label") ?? (control.Id is { } id ? page.Settled().Find($"label[for={id}]").TextContent : null);
            Assert.False(string.IsNullOrWhiteSpace(label), control.OuterHtml);
        }

        foreach (var button in page.Settled().FindAll("main button"))
            Assert.False(string.IsNullOrWhiteSpace(button.GetAttribute("aria-label") ?? button.TextContent), button.OuterHtml);
    }

    /// <summary>After a run the address says which defaults it began with.</summary>
    private static string Draft(string chosen) => $"/?{chosen}&defaults={RunRequest.DefaultsVersion}";

    private IReadOnlyCollection<Bunit.TestDoubles.NavigationHistory> History => ((Bunit.TestDoubles.BunitNavigationManager)Navigation).History;
}
