using System.Text.RegularExpressions;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A line that is cut for real between the browser and the server, what is typed meanwhile, and a server that is started anew.</summary>
[Collection(PlaygroundCollection.Name)]
public class LineTests(PlaygroundServer server, Browser browser)
{
    [Theory]
    [InlineData("Typed while the line was cut")]
    [InlineData("")]
    [InlineData("a lone half \ud83d of a pair")]
    [InlineData(null)]
    public async Task What_is_typed_while_the_line_is_cut_is_used_when_it_is_back(string? given)
    {
        // Too long for a message: it travels as a stream.
        var text = given ?? string.Concat(Enumerable.Repeat("one long line\n", 1000));
        await using var line = new CutLine(server.Address);
        var page = await browser.OpenAsync(line.Address + "/?model=ngram&max_new_tokens=3&prompt=Before");
        line.Cut();
        await Expect(page.Line()).ToBeVisibleAsync();
        await page.Part("prompt").EvaluateAsync(
            "(box, text) => { box.focus(); box.select(); box.setRangeText(text); box.dispatchEvent(new Event('input', { bubbles: true })); }", text);
        Assert.True(await page.Part("generate").EvaluateAsync<bool>("button => button.closest('[inert]') !== null"));
        await page.Locator("[data-try]").ClickAsync();
        await Expect(page.Line()).ToBeVisibleAsync();

        line.Mend();
        await page.TryNowAsync();
        await page.GenerateAsync();
        await page.ReloadAsync();
        await page.ReadyAsync();
        Assert.Equal(text, await page.Part("prompt").InputValueAsync());
    }

    [Fact]
    public async Task A_box_that_was_being_edited_keeps_its_focus_and_its_number_is_used()
    {
        await using var line = new CutLine(server.Address);
        var page = await browser.OpenAsync(line.Address + "/?model=ngram&max_new_tokens=3&prompt=Once");
        await page.Part("max-new-tokens-number").FillAsync("7");
        line.Cut();
        await Expect(page.Line()).ToBeVisibleAsync();
        Assert.True(await page.Part("max-new-tokens-number").EvaluateAsync<bool>("box => box.closest('[inert]') !== null"));

        line.Mend();
        await page.TryNowAsync();
        await Expect(page.Part("max-new-tokens-number")).ToBeFocusedAsync();
        await Expect(page).ToHaveURLAsync(new Regex("max_new_tokens=7"));
        await page.GenerateAsync();
        await page.HasTokensAsync(7);
    }

    [Fact]
    public async Task What_was_sent_into_a_dead_line_is_sent_again()
    {
        await using var line = new CutLine(server.Address);
        var page = await browser.OpenAsync(line.Address + "/?model=ngram&max_new_tokens=3&prompt=Once");
        line.GoDead();
        await page.Part("prompt").FillAsync("Sent into nothing");
        await page.SetAsync("max-new-tokens-number", "5");
        line.Cut();
        await Expect(page.Line()).ToBeVisibleAsync();

        line.Mend();
        await page.TryNowAsync();
        await Expect(page).ToHaveURLAsync(new Regex("prompt=Sent(%20|\\+)into"));
        await Expect(page).ToHaveURLAsync(new Regex("max_new_tokens=5"));
    }

    [Fact]
    public async Task Keys_and_clicks_meanwhile_harm_nothing_and_a_run_that_went_on_is_shown_whole()
    {
        await using var line = new CutLine(server.Address);
        var page = await browser.OpenAsync(line.Address + "/?model=lstm&max_new_tokens=2000&min_new_tokens=2000&prompt=Once");
        await page.Part("generate").ClickAsync();
        await page.HasAtLeastTokensAsync(1);
        line.Cut();
        await Expect(page.Line()).ToBeVisibleAsync();
        await Expect(page.Line()).ToContainTextAsync("A run goes on for 30 seconds at least");
        await page.ClickTokenAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+Enter");

        line.Mend();
        await page.TryNowAsync();
        await page.EndedAsync();
        await Expect(page.Part("token-count")).ToHaveTextAsync("2,000");
        Assert.Equal(0, await page.Locator("[inert]").CountAsync());
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_page_is_loaded_anew_with_its_text_and_says_so()
    {
        var first = new PlaygroundServer();
        await using var second = new PlaygroundServer();
        await first.InitializeAsync();
        await using var line = new CutLine(first.Address);
        var page = await browser.OpenAsync(line.Address + "/?model=ngram&max_new_tokens=4&prompt=Before");
        await page.SetAsync("seed", "77");
        await Expect(page).ToHaveURLAsync(new Regex("seed=77"));
        await first.DisposeAsync();
        await Expect(page.Line()).ToBeVisibleAsync();
        await page.Part("prompt").FillAsync("Typed while there was no server");

        await second.InitializeAsync();
        line.Server = second.Address;
        await Expect(page.Line()).ToContainTextAsync("was loaded anew");
        await page.ReadyAsync();
        await Expect(page.Part("prompt")).ToHaveValueAsync("Typed while there was no server");
        await Expect(page.Part("seed")).ToHaveValueAsync("77");
        await Expect(page).ToHaveURLAsync(new Regex("prompt=Typed(%20|\\+)while"), new() { Timeout = 20_000 });
        await page.GenerateAsync();
        await page.Locator("[data-close]").ClickAsync();
        await Expect(page.Line()).ToBeHiddenAsync();
    }
}

/// <summary>The notice of the line.</summary>
internal static class LineOfPage
{
    internal static ILocator Line(this IPage page) => page.Locator("[data-line]");

    internal static async Task TryNowAsync(this IPage page)
    {
        // The page tries by itself too, and may have been faster than a hand.
        await page.Locator("[data-try]").EvaluateAsync("button => button.click()");
        await Expect(page.Line()).ToBeHiddenAsync();
    }
}
