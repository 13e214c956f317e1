using System.Globalization;
using LmPlayground.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>Strategies side by side, and the sequences of a search, in a real browser.</summary>
[Collection(PlaygroundCollection.Name)]
public class ComparePageTests(PlaygroundServer server, Browser browser)
{
    private static readonly string Two = "&column=" + Uri.EscapeDataString("temperature=0.8") + "&column=" + Uri.EscapeDataString("temperature=1.6&top_p=1");

    [Fact]
    public async Task Two_strategies_part_at_one_token_and_each_is_what_the_playground_gives()
    {
        var page = await browser.OpenAsync(server.Address + "/compare?prompt=Once+upon+a+time&seed=7&max_new_tokens=30" + Two);
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("metric-tokens")).ToContainTextAsync("30", new() { Timeout = 60_000 });
        await Expect(page.Part("status")).ToContainTextAsync("first difference at token");
        await Expect(page.Locator(".column.parted")).ToHaveCountAsync(2);
        var before = await page.Locator(".column > .tokens").AllTextContentsAsync();
        Assert.Equal(before[0], before[1]);

        var text = await page.GeneratedTextAsync("[data-testid=column-2]");
        await page.Part("column-2").GetByLabel("Open column 2 in the playground").ClickAsync();

        // Both pages have a button to generate: the playground's must be there first.
        await Expect(page.Locator("main.playground")).ToBeVisibleAsync();
        await page.ReadyAsync();
        await page.GenerateAsync();
        Assert.Equal(text, await page.GeneratedTextAsync());
    }

    [Fact]
    public async Task A_token_selected_in_one_column_is_selected_in_all_and_drawing_it_fits_the_theory()
    {
        var page = await browser.OpenAsync(server.Address + "/compare?prompt=Once+upon+a+time&seed=7&max_new_tokens=20" + Two);
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("metric-tokens")).ToContainTextAsync("20", new() { Timeout = 60_000 });
        await page.ClickTokenAsync(4, "[data-testid=column-2]");
        await Expect(page.Locator(".tokens .t.sel")).ToHaveCountAsync(2);
        await Expect(page.Locator(".metrics")).ToContainTextAsync("At token 5");

        await page.Part("check").ClickAsync();
        await Expect(page.Part("check-result").First).ToContainTextAsync("p ");
        foreach (var result in await page.Part("check-result").AllTextContentsAsync())
            Assert.True(double.Parse(result[(result.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture) >= 0.001, result);
    }

    [Fact]
    public async Task Beams_are_listed_and_the_best_one_stands_in_the_text()
    {
        var page = await browser.OpenAsync(server.Address + "/?prompt=Once+upon+a+time&num_beams=4&max_new_tokens=16");
        await page.GenerateAsync();
        await Expect(page.Part("beam")).ToHaveCountAsync(4);
        await Expect(page.Part("beam").First).ToContainTextAsync("shown above");
        await page.HasTokensAsync(16);
    }
}
