using System.Net;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>What an address means to the person it is sent to, and to the one who goes back to it.</summary>
[Collection(PlaygroundCollection.Name)]
public class AddressTests(PlaygroundServer server, Browser browser)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/compare")]
    [InlineData("/tokens")]
    public async Task A_text_that_another_profile_keeps_is_said_and_the_page_goes_on(string path)
    {
        var page = await browser.OpenAsync(server.Address, open: false);
        await page.GotoAsync($"{server.Address}{path}?prompt_ref=0123456789abcdef");
        await Expect(page.Part("notices")).ToContainTextAsync("it is not here");
        await Expect(page.Part("prompt")).Not.ToHaveValueAsync("");
        await Expect(page.Part("prompt")).ToBeEditableAsync();
        await Expect(page.Part("page-failed")).ToHaveCountAsync(0);
        await page.Part("prompt").FillAsync("Another text");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("prompt=Another"));
    }

    [Fact]
    public async Task A_prompt_that_gave_way_to_later_ones_is_said_when_the_reader_comes_back()
    {
        var page = await browser.OpenAsync(server.Address + "/?max_new_tokens=1");
        await page.Part("prompt").FillAsync(new string('a', 7_000));
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("prompt_ref="));
        await page.EvaluateAsync("sessionStorage.clear()");
        await page.ReloadAsync();
        await page.ReadyAsync();
        await Expect(page.Part("notices")).ToContainTextAsync("it is not here");
        await Expect(page.Part("prompt")).ToHaveValueAsync("Once upon a time");
    }

    [Fact]
    public async Task A_long_text_that_is_emptied_at_once_is_empty_on_the_server_too()
    {
        var page = await browser.OpenAsync(server.Address);
        await page.Part("prompt").FillAsync(new string('a', 9_000));
        await page.Part("prompt").FillAsync("");
        await Expect(page.Part("example").First).ToBeVisibleAsync();
        await Expect(page.Part("page-failed")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_address_of_a_default_run_gives_someone_else_the_same_text_and_then_another()
    {
        var page = await browser.OpenAsync(server.Address + "/?max_new_tokens=25");
        await page.GenerateAsync();
        var text = await page.GeneratedTextAsync();
        var other = await browser.OpenAsync(page.Url);
        await other.GenerateAsync();
        Assert.Equal(text, await other.GeneratedTextAsync());
        await GenerateAgainAsync(other);
        Assert.NotEqual(text, await other.GeneratedTextAsync());
    }

    [Fact]
    public async Task A_reload_shows_the_run_of_the_address()
    {
        var page = await browser.OpenAsync(server.Address + "/?max_new_tokens=25");
        await page.GenerateAsync();
        var (text, address) = (await page.GeneratedTextAsync(), page.Url);
        await page.ReloadAsync();
        await page.ReadyAsync();
        await page.HasAtLeastTokensAsync(1);
        Assert.Equal((text, address), (await page.GeneratedTextAsync(), page.Url));
        await Expect(page.Part("seed-note")).ToContainTextAsync("this one drew");
    }

    [Fact]
    public async Task Back_says_that_an_earlier_run_is_made_again_and_Generate_makes_it()
    {
        var page = await browser.OpenAsync(server.Address + "/?max_new_tokens=25&temperature=1.2");
        await page.GenerateAsync();
        var text = await page.GeneratedTextAsync();
        await page.SetAsync("stage-temperature-number", "0.5");
        await GenerateAgainAsync(page);
        await page.GoBackAsync();
        await Expect(page.Part("notices")).ToContainTextAsync("Generate makes it again");
        await Expect(page.Part("stage-temperature-number")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^1[.]20?$"));
        await GenerateAgainAsync(page);
        Assert.Equal(text, await page.GeneratedTextAsync());
    }

    [Theory]
    [InlineData(9_000)]
    [InlineData(60_000)]
    public async Task An_address_that_is_longer_than_the_page_would_write_opens_the_page(int length)
    {
        var page = await browser.OpenAsync($"{server.Address}/?stop={new string('x', length)}&prompt=Hi");
        await Expect(page.Part("prompt")).ToHaveValueAsync("Hi");
    }

    [Fact]
    public async Task An_address_that_no_page_can_carry_is_refused_in_words()
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync($"{server.Address}/?prompt={new string('x', 500_000)}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, response.StatusCode);
        Assert.Contains("too long", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task GenerateAgainAsync(IPage page)
    {
        var before = await page.Part("drawn-seed").TextContentAsync();
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("drawn-seed")).Not.ToHaveTextAsync(before!);
        await page.EndedAsync();
    }
}
