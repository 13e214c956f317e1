using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>On a narrow screen the token and the sampler lie over the page: what is open there is a dialog, and the page behind it rests.</summary>
[Collection(PlaygroundCollection.Name)]
public class SheetTests(PlaygroundServer server, Browser browser)
{
    private const string Story = "/?prompt=Once+upon+a+time&seed=1204&max_new_tokens=12&model=lstm";

    private const string Columns = "/compare?prompt=Once&seed=7&max_new_tokens=8&column=&column=temperature%3D1.4";

    private const string InSheet = "() => document.activeElement.closest('[data-sheet]') !== null";

    [Theory]
    [InlineData(Story, "token-panel", "Token")]
    [InlineData(Story, "sampler-panel", "Sampler")]
    [InlineData(Columns, "sampler-panel", "Sampler")]
    public async Task An_open_sheet_is_a_dialog_with_a_name_and_the_focus_and_the_page_behind_it_is_inert(string address, string sheet, string name)
    {
        var (page, opener) = await OpenAsync(address, sheet);
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = name, Exact = true });
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(dialog).ToHaveAttributeAsync("aria-modal", "true");
        await Expect(dialog).ToBeFocusedAsync();
        Assert.True(await opener.EvaluateAsync<bool>("e => e.closest('[inert]') !== null"));

        // Round and round: every stop of Tab is in the sheet, or the browser's own.
        var stops = await dialog.Locator("button:enabled, a[href], input:enabled, summary, [tabindex='0']").CountAsync();
        for (var i = 0; i < stops + 3; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>($"() => document.activeElement === document.body || ({InSheet})()"), $"Tab {i + 1} leaves the sheet");
        }
    }

    [Theory]
    [InlineData(Story, "token-panel", "Escape")]
    [InlineData(Story, "token-panel", "Close")]
    [InlineData(Story, "token-panel", "a press beside it")]
    [InlineData(Story, "sampler-panel", "Escape")]
    [InlineData(Story, "sampler-panel", "Close")]
    [InlineData(Columns, "sampler-panel", "a press beside it")]
    public async Task A_closed_sheet_gives_the_focus_back_and_the_page_is_there_again(string address, string sheet, string how)
    {
        var (page, opener) = await OpenAsync(address, sheet);
        await Expect(page.Locator($".{sheet}")).ToBeFocusedAsync();
        if (how == "Escape")
            await page.Keyboard.PressAsync("Escape");
        else if (how == "Close")
            await page.Locator($".{sheet} [aria-label=Close]").ClickAsync();
        else
            await page.Mouse.ClickAsync(195, 30);
        await Expect(page.Locator($".{sheet}.open")).ToHaveCountAsync(0);
        await Expect(opener).ToBeFocusedAsync();
        await Expect(page.Locator("[inert]")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Escape_closes_the_list_of_a_select_before_the_sheet_that_it_stands_in_and_ends_no_run()
    {
        var page = await browser.OpenAsync(server.Address + "/?prompt=Once&max_new_tokens=50000&ignore_eos=true&model=lstm", 390, 844);
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("stop")).ToBeVisibleAsync();
        await page.Part("open-sampler").ClickAsync();
        await page.Part("order").TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".select-list [role=listbox]")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".select-list [role=listbox]")).ToHaveCountAsync(0);
        await Expect(page.Locator(".sampler-panel.open")).ToBeVisibleAsync();
        await Expect(page.Part("order")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".sampler-panel.open")).ToHaveCountAsync(0);
        await Expect(page.Part("stop")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.EndedAsync();
    }

    [Fact]
    public async Task The_page_behind_an_open_sheet_does_not_scroll()
    {
        var page = await browser.OpenAsync(server.Address + Columns, 390, 500);
        await page.Part("open-sampler").ClickAsync();
        await Expect(page.Locator(".sampler-panel")).ToBeFocusedAsync();
        await page.Mouse.MoveAsync(195, 60);
        await page.Mouse.WheelAsync(0, 400);
        await page.Locator(".sampler-panel h2").HoverAsync();
        await page.Mouse.WheelAsync(0, 400);
        await page.Keyboard.PressAsync("Tab");
        var scrolled = await page.EvaluateAsync<double[]>("() => [scrollY, document.querySelector('.compare-main').scrollTop]");
        Assert.Equal([0, 0], scrolled);
    }

    [Fact]
    public async Task On_a_wide_screen_the_panels_are_regions_of_the_page()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        await page.GenerateAsync();
        await page.ClickTokenAsync(3);
        await Expect(page.Part("candidates")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Token", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        // A window that becomes narrow has a sheet, and one that becomes wide none.
        await page.SetViewportSizeAsync(390, 844);
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Token" })).ToBeVisibleAsync();
        await page.SetViewportSizeAsync(1440, 900);
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Locator("[inert]")).ToHaveCountAsync(0);
    }

    private async Task<(IPage Page, ILocator Opener)> OpenAsync(string address, string sheet)
    {
        var page = await browser.OpenAsync(server.Address + address, 390, 844);
        if (sheet == "sampler-panel")
        {
            var button = page.Part("open-sampler");
            await button.TakeFocusAsync();
            await page.Keyboard.PressAsync("Enter");
            return (page, button);
        }

        await page.GenerateAsync();
        await page.Part("tokens").TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        return (page, page.Part("tokens"));
    }
}
