using Bunit;
using LmPlayground.Models;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Pages;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace LmPlayground.Web.Tests;

/// <summary>The address of a run gives that run again, and says nothing that was not chosen or drawn.</summary>
public sealed class RunAddressTests : PageTest
{
    private ulong LastSeed => Runs.Started[^1].Request.Seed!.Value;

    [Fact]
    public void The_address_of_a_run_has_the_seed_that_was_drawn_and_the_version_of_the_defaults()
    {
        var page = Open();
        page.Part("generate").Click();
        Assert.Equal([("defaults", $"{RunRequest.DefaultsVersion}"), ("drawn", "seed"), ("seed", $"{LastSeed}")], Parameters());
    }

    [Fact]
    public void Each_run_draws_a_seed_of_its_own_unless_one_was_fixed()
    {
        var page = Open();
        var seeds = new List<ulong>();
        for (var i = 0; i < 3; i++)
            seeds.Add(Generate(page));
        Assert.Equal(3, seeds.Distinct().Count());

        page.Part("keep-seed").Click();
        Assert.Equal([seeds[^1], seeds[^1]], [Generate(page), Generate(page)]);
        Assert.DoesNotContain(Parameters(), parameter => parameter.Name == "drawn");
        Assert.Equal($"{seeds[^1]}", page.Part("seed").GetAttribute("value"));
    }

    [Theory]
    [InlineData("?prompt=Hi&seed=5&drawn=seed", 5ul)]
    [InlineData("?top_k=10&seed=18446744073709551615&drawn=template_time%2Cseed", ulong.MaxValue)]
    public void The_seed_of_an_address_is_that_of_the_next_run_and_not_of_the_one_after(string query, ulong seed)
    {
        var page = Open(query);
        Assert.Contains($"{seed}", page.Text("seed-note"), StringComparison.Ordinal);
        Assert.Equal("-1", page.Part("seed").GetAttribute("value"));
        Assert.Equal(seed, Generate(page));
        Assert.NotEqual(seed, Generate(page));
    }

    [Fact]
    public void The_page_says_whether_a_seed_is_drawn_or_fixed()
    {
        var page = Open();
        Assert.Contains("Each run draws a new seed", page.Text("seed-note"), StringComparison.Ordinal);
        page.Part("seed").Change("7");
        Assert.Contains("Fixed", page.Text("seed-note"), StringComparison.Ordinal);
        page.Part("seed").Change("-1");
        Assert.Contains("Each run draws a new seed", page.Text("seed-note"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_has_no_seed_that_was_drawn_for_other_settings_and_the_settings_of_the_run_have_it_again()
    {
        var page = Open();
        var seed = Generate(page);
        page.Part("stage-top_k-number").Change("10");
        Rest();
        page.WaitForAssertion(() => Assert.DoesNotContain(Parameters(), parameter => parameter.Name is "seed" or "drawn"));
        page.Part("stage-top_k-number").Change("0");
        Rest();
        page.WaitForAssertion(() => Assert.Contains(("seed", $"{seed}"), Parameters()));
    }

    [Fact]
    public void A_run_that_begins_before_its_model_is_known_pins_nothing_but_the_text_that_is_shown()
    {
        Models.Set(Scripted.Model("new", "New", isKnown: false));
        var page = Open();
        page.Part("generate").Click();
        Assert.Equal(["defaults", "drawn", "prompt", "seed"], Parameters().Select(parameter => parameter.Name));

        Models.Set(Scripted.Model("new", "New", new GenerationDefaults { DoSample = true, TopK = 7 }));
        page.WaitForAssertion(() => Assert.Equal("7", page.Part("stage-top_k-number").GetAttribute("value")));
        Assert.Equal("Once upon a time", Runs.Started[^1].Request.Prompt);
        Assert.Null(Runs.Started[^1].Request.Find(LmPlayground.Runs.Settings.StageSettings.Of(LmPlayground.Sampling.Stages.TopKStage.K)));
    }

    [Fact]
    public void Going_back_to_a_run_that_is_not_shown_any_more_says_that_it_is_made_again()
    {
        var page = Open();
        var first = Generate(page, "One");
        var address = Navigation.Uri;
        Assert.NotEqual(first, Generate(page, "Two"));

        Navigation.NavigateTo(address, new NavigationOptions { HistoryEntryState = "generated" });
        page.WaitForAssertion(() => Assert.Contains("Generate makes it again", page.Text("notices"), StringComparison.Ordinal));
        Assert.Contains($"{first}", page.Text("seed-note"), StringComparison.Ordinal);
        Assert.Contains("of another run", page.Text("what-if"), StringComparison.Ordinal);
        Assert.Equal(first, Generate(page));
    }

    [Fact]
    public void Going_back_from_an_edit_shows_the_run_as_it_was()
    {
        var page = Open();
        Generate(page, "One");
        var address = Navigation.Uri;
        page.Part("stage-top_k-number").Change("10");
        Rest();
        page.WaitForAssertion(() => Assert.NotEqual(address, Navigation.Uri));

        Navigation.NavigateTo(address, new NavigationOptions { HistoryEntryState = "generated" });
        page.WaitForAssertion(() => Assert.Equal("0", page.Part("stage-top_k-number").GetAttribute("value")));
        Assert.Empty(page.Parts("notices"));
        Assert.DoesNotContain("another run", page.Text("what-if"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_reload_the_run_of_the_address_is_found_and_the_next_one_draws()
    {
        var page = Open();
        var seed = Generate(page, "One");
        Runs.Found = Runs.Last;
        await DisposeComponentsAsync();
        page = Render<Playground>();
        page.WaitForAssertion(() => Assert.Contains($"this one drew {seed}", page.Text("seed-note"), StringComparison.Ordinal));
        Assert.NotEqual(seed, Generate(page));
    }

    [Fact]
    public async Task After_a_reload_another_run_of_the_same_text_is_not_taken_for_that_of_the_address()
    {
        var page = Open();
        var seed = Generate(page, "One");
        var address = Navigation.Uri;
        Generate(page, "Two");
        Runs.Found = Runs.Last;
        await DisposeComponentsAsync();
        page = Open(new Uri(address).Query);
        page.WaitForAssertion(() => Assert.Contains("of another run", page.Text("what-if"), StringComparison.Ordinal));
        Assert.Equal(seed, Generate(page));
    }

    [Fact]
    public void A_run_that_goes_on_keeps_its_seed_in_the_address()
    {
        var page = Open();
        var seed = Generate(page, "One");
        page.Part("continue").Click();
        Assert.Contains(("seed", $"{seed}"), Parameters());
        Assert.Equal(seed, LastSeed);
    }

    [Fact]
    public void A_comparison_has_an_address_of_the_same_kind()
    {
        var page = OpenCompare("?prompt=Hi&seed=5&drawn=seed");
        page.Part("generate").Click();
        Assert.Equal(5ul, Comparisons.Started[^1].Seed);
        page.Settled();
        Comparisons.Last.ChangeJob(job => job with { Status = JobStatus.Finished });
        Tick();
        page.WaitForState(() => page.Parts("generate").Count == 1);
        page.Part("generate").Click();
        var seed = Comparisons.Started[^1].Seed;
        Assert.NotEqual(5ul, seed);
        Assert.Equal([("defaults", $"{RunRequest.DefaultsVersion}"), ("drawn", "seed"), ("prompt", "Hi"), ("seed", $"{seed}")], Parameters());
    }

    [Theory]
    [InlineData("?num_beams=4&best_of=3", "best_of does not go with num_beams")]
    [InlineData("?order=sideways", "order names 'sideways', which is no stage")]
    [InlineData("?chat=banana", "chat 'banana' is neither true nor false")]
    [InlineData("?column=temperature%3Dhot&column=top_k%3D5", "Column 1: temperature 'hot' is no number")]
    [InlineData("?defaults=99", "defaults 99 is outside")]
    public void What_an_address_has_wrong_is_said_on_every_page(string query, string problem)
    {
        Assert.Contains(problem, Open(query).Text("notices"), StringComparison.Ordinal);
        Assert.Contains(problem, OpenCompare(query).Text("notices"), StringComparison.Ordinal);
        Navigation.NavigateTo("/tokens" + query);
        Assert.Contains(problem, Render<Tokens>().Text("notices"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_the_tab_does_not_keep_is_said_on_every_page_and_an_example_stands_in_its_place()
    {
        const string Query = "?prompt_ref=0123456789abcdef";
        const string Notice = "it is not here, and an example stands in its place";
        var page = Open(Query);
        page.WaitForAssertion(() => Assert.Contains(Notice, page.Text("notices"), StringComparison.Ordinal));
        Assert.Equal("Once upon a time", page.Part("prompt").GetAttribute("value"));
        var compare = OpenCompare(Query);
        compare.WaitForAssertion(() => Assert.Contains(Notice, compare.Text("notices"), StringComparison.Ordinal));
        Navigation.NavigateTo("/tokens" + Query);
        var tokens = Render<Tokens>();
        tokens.WaitForAssertion(() => Assert.Contains(Notice, tokens.Text("notices"), StringComparison.Ordinal));
    }

    private ulong Generate(IRenderedComponent<Playground> page, string? text = null)
    {
        page.WaitForState(() => page.Parts("generate").Count == 1);
        page.Part("generate").Click();
        var seed = LastSeed;
        if (text is not null)
            Runs.Last.Add(Scripted.Step(0, text, 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        return seed;
    }

    private (string Name, string Value)[] Parameters() =>
        [.. QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query).Select(pair => (pair.Key, pair.Value.ToString())).Order()];
}
