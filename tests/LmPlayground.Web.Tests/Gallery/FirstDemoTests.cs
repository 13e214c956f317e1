using Bunit;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests.Gallery;

/// <summary>What a newcomer finds on the playground, until something is written or run.</summary>
public sealed class FirstDemoTests : PageTest
{
    [Fact]
    public void An_untouched_page_shows_a_recorded_text_in_colour_with_links_to_it_and_to_the_gallery()
    {
        var demo = Open().Part("first-demo");
        Assert.StartsWith("Once upon a time,", demo.QuerySelector(".beginning")!.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(demo.QuerySelectorAll(".t.h5"));
        Assert.Equal(["/d/gallery-story", "/gallery"], demo.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
    }

    [Theory]
    [InlineData("?prompt=Hello")]
    [InlineData("?prompt=")]
    [InlineData("?prompt_ids=1,2")]
    [InlineData("?seed=3&drawn=seed&defaults=2")]
    public void An_address_that_asks_for_something_shows_that_and_no_example(string query) =>
        Assert.Empty(Open(query).Parts("first-demo"));

    [Fact]
    public void Writing_ends_it()
    {
        var page = Open();
        page.Type("My own words");
        page.WaitForAssertion(() => Assert.Empty(page.Parts("first-demo")));
    }

    [Fact]
    public void Running_ends_it_and_it_does_not_come_back()
    {
        var page = Open();
        page.Part("generate").Click();
        Assert.Empty(page.Parts("first-demo"));
        Runs.Last.Add(Scripted.Step(0, " there", 0.9));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForAssertion(() => Assert.Single(page.Tokens()));
        Assert.Empty(page.Parts("first-demo"));
    }

    [Fact]
    public void Another_setting_or_model_leaves_it()
    {
        var page = Open("?temperature=1.2&model=lstm");
        Assert.Single(page.Parts("first-demo"));
    }
}
