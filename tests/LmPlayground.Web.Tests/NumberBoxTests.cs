using Bunit;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Tests;

/// <summary>The rules of every number on the page, at every place where one stands.</summary>
public sealed class NumberBoxTests : PageTest
{
    /// <summary>The page's numbers: where, the box, a number, one that is refused or replaced, and what the box shows when it is emptied.</summary>
    public static TheoryData<string, string, string, string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string, string, string, string>
            {
                { "/", "seed", "7", "many", "-1" },
                { "/", "max-new-tokens-number", "7", "0", Plain(new StoppingOptions().MaxNewTokens) },
                { "/?num_beams=2", "num-beams", "3", "0", "4" },
                { "/?num_beams=2", "length-penalty", "2", "x", "1" },
                { "/?num_beams=4", "num-beam-groups", "2", "3", "1" },
                { "/?num_beams=4&num_beam_groups=2&diversity_penalty=1", "diversity-penalty", "2", "-1", "0" },
                { "/?best_of=3", "best-of", "2", "x", "4" },
                { "/", "guidance-scale", "3", "-1", "1" },
                { "/compare", "seed", "7", "many", "-1" },
                { "/compare", "max-new-tokens-number", "7", "0", Plain(new StoppingOptions().MaxNewTokens) },
            };
            foreach (var parameter in StoppingRules.AdvancedNumbers)
            {
                places.Add(
                    "/?repetition_max_pattern_size=4&stop_below_probability=0.5&stop_above_entropy=2", $"{parameter.Name}-number",
                    Plain(parameter.Clamp(3)), "x", Plain(parameter.Default));
            }

            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_refusal_shows_the_number_in_use_says_why_beside_it_and_goes_when_it_is_mended(
        string address, string box, string good, string bad, string emptied)
    {
        IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page = address.StartsWith("/compare", StringComparison.Ordinal)
            ? OpenCompare(address["/compare".Length..]) : Open(address[1..]);

        page.Part(box).Change(good);
        Assert.Equal(good, page.Part(box).GetAttribute("value"));
        Assert.Empty(page.Parts(box + "-notice"));

        page.Part(box).Change(bad);
        Assert.Single(page.Parts(box + "-notice"));
        Assert.NotEqual(bad, page.Part(box).GetAttribute("value"));
        Assert.Equal(page.Part(box + "-notice").Id, page.Part(box).GetAttribute("aria-describedby"));
        Assert.Empty(page.Parts("notices"));

        // Another refusal takes its place.
        page.Part(box).Change("none at all");
        Assert.Contains("none at all", Assert.Single(page.Parts(box + "-notice")).TextContent, StringComparison.Ordinal);

        page.Part(box).Change(good);
        Assert.Empty(page.Parts(box + "-notice"));
        Assert.Equal(good, page.Part(box).GetAttribute("value"));

        page.Part(box).Change("  ");
        Assert.Empty(page.Parts(box + "-notice"));
        Assert.All(page.Parts(box), left => Assert.Equal(emptied, left.GetAttribute("value")));
    }

    [Theory]
    [InlineData("stage-temperature-slider", "0.3")]
    [InlineData("stage-temperature-reset", null)]
    public void A_notice_goes_with_the_number_that_it_is_about(string control, string? value)
    {
        var page = Open();
        page.Part("stage-temperature-number").Change("9");
        Assert.Equal("temperature 9 is outside 0 to 5: 5 is used.", page.Text("stage-temperature-number-notice"));
        page.Part("stage-top_p-slider").Input("0.5");
        Assert.Single(page.Parts("stage-temperature-number-notice"));

        if (value is null)
            page.Part(control).Click();
        else
            page.Part(control).Input(value);
        Assert.Empty(page.Parts("stage-temperature-number-notice"));
    }

    [Fact]
    public void A_number_of_a_stage_that_is_emptied_is_the_models_again_and_no_choice_any_more()
    {
        var page = Open();
        page.Part("stage-temperature-number").Change("1,5");
        Rest();
        Assert.Contains("temperature=1.5", Navigation.Uri, StringComparison.Ordinal);
        page.Part("stage-temperature-number").Change("");
        Rest();
        Assert.DoesNotContain("temperature", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal("0.80", page.Part("stage-temperature-number").GetAttribute("value"));
    }

    [Fact]
    public void A_stage_that_was_added_can_be_removed_and_leaves_nothing_behind()
    {
        var page = Open();
        foreach (var stage in SamplingStages.All.Where(stage => stage.IsAdvanced))
        {
            page.AddStage(stage.Name);
            foreach (var parameter in stage.Parameters)
                page.Part($"stage-{parameter.Name}-slider").Input(Plain(parameter.SliderMaximum));
            Assert.Equal($"Remove {stage.Label}", page.Part($"stage-{stage.Name}-remove").GetAttribute("aria-label"));
            page.Part($"stage-{stage.Name}-remove").Click();
            Assert.Empty(page.Parts($"stage-{stage.Name}"));
        }

        Rest();
        Assert.DoesNotContain('?', Navigation.Uri);
        Assert.Empty(page.Parts("stage-temperature-remove"));
    }

    [Fact]
    public void A_stage_whose_list_is_not_empty_is_removed_with_it()
    {
        var page = Open("?bad_words=cat");
        page.Part("stage-bad_words-remove").Click();
        Assert.Empty(page.Parts("stage-bad_words"));
        Rest();
        Assert.DoesNotContain("bad_words", Navigation.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ", "␣", "space")]
    [InlineData(@"\n\n", "↵↵", "new line, new line")]
    [InlineData(@"\t", "⇥", "tab")]
    [InlineData(" the end ", "␣the end␣", " the end ")]
    [InlineData("END", "END", "END")]
    public void A_chip_shows_what_nobody_can_see_and_says_what_nobody_can_say(string typed, string shown, string spoken)
    {
        var page = Open();
        page.Part("add-stop-string").Change(typed);
        Assert.Equal(shown, page.Settled().Find(".chip code").TextContent);
        Assert.Equal($"Remove {spoken}", page.Settled().Find(".chip button").GetAttribute("aria-label"));
        page.Settled().Find(".chip button").Click();
        Assert.Empty(page.Settled().FindAll(".chip code"));
    }

    [Fact]
    public void A_page_with_every_stage_in_sight_has_room_for_tokens()
    {
        var page = Open();
        var before = page.Settled().FindAll("*").Count;
        foreach (var stage in SamplingStages.All.Where(stage => page.Parts($"stage-{stage.Name}").Count == 0))
            page.AddStage(stage.Name);
        var numbers = SamplingStages.Parameters.Length - SamplingStages.All.Where(stage => !stage.IsAdvanced).Sum(stage => stage.Parameters.Length);

        // What MudBlazor's field, slider and button would take for a number alone, a card and its trace not counted.
        Assert.InRange(page.Settled().FindAll("*").Count, before, before + numbers * 20);
        Assert.InRange(page.Settled().FindAll("*").Count, before, 660);
    }

    private static string Plain(double value) => value.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture);
}
