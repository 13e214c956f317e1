using LmPlayground.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A word of the field explains itself to whoever points at it, comes to it by Tab, or taps it.</summary>
[Collection(PlaygroundCollection.Name)]
public class TermTests(PlaygroundServer server, Browser browser)
{
    [Theory]
    [InlineData("/", "temperature", 1440)]
    [InlineData("/", "seed", 1440)]
    [InlineData("/", "order", 1440)]
    [InlineData("/compare", "max_new_tokens", 320)]
    public async Task A_term_explains_itself_on_hover_on_focus_and_by_a_tap(string path, string name, int width)
    {
        var page = await browser.OpenAsync(server.Address + path, width);
        var (term, tip) = (page.Locator($"[data-term={name}]"), page.Locator(".term-tip:popover-open"));
        var explanation = (await term.GetAttributeAsync("aria-description"))!;

        await term.HoverAsync();
        await Expect(tip).ToHaveTextAsync(explanation);
        await Expect(tip).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.Mouse.MoveAsync(1, 1);
        await Expect(tip).ToHaveCountAsync(0);

        await term.TakeFocusAsync();
        await Expect(tip).ToHaveTextAsync(explanation);
        await page.Keyboard.PressAsync("Escape");
        await Expect(tip).ToHaveCountAsync(0);
        await term.EvaluateAsync("term => term.blur()");

        await term.DispatchEventAsync("pointerdown", new { pointerType = "touch", bubbles = true });
        await term.DispatchEventAsync("click");
        await Expect(tip).ToHaveTextAsync(explanation);
        await term.DispatchEventAsync("pointerdown", new { pointerType = "touch", bubbles = true });
        await term.DispatchEventAsync("click");
        await Expect(tip).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_words_stay_while_the_pointer_is_on_them()
    {
        var page = await browser.OpenAsync(server.Address);
        await page.Locator("[data-term=order]").HoverAsync();
        var tip = page.Locator(".term-tip:popover-open");
        await tip.HoverAsync();
        await Expect(tip).ToBeVisibleAsync();
    }
}
