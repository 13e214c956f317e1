using LmPlayground.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A page that cannot be drawn says so, keeps its header, and comes back.</summary>
[Collection(PlaygroundCollection.Name)]
public class BoundaryTests(PlaygroundServer server, Browser browser)
{
    private const string Script = "**/prompt*.js";

    [Fact]
    public async Task A_page_whose_script_does_not_arrive_says_that_it_could_not_be_shown_and_is_shown_again()
    {
        var page = await browser.OpenAsync(server.Address, open: false);
        await page.RouteAsync(Script, route => route.AbortAsync());
        await page.GotoAsync(server.Address + "/?prompt=Once&max_new_tokens=3&seed=1");
        await Expect(page.Part("page-failed")).ToBeVisibleAsync();
        await Expect(page.Locator("header")).ToBeVisibleAsync();
        await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();

        await page.UnrouteAsync(Script);
        await page.Part("show-again").ClickAsync();
        await Expect(page.Part("page-failed")).ToHaveCountAsync(0);
        await Expect(page.Part("prompt")).ToHaveValueAsync("Once");
    }
}
