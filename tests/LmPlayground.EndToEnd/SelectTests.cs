using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>The selects and menus by hand: by keyboard, by finger, on small screens, and before the page is alive.</summary>
[Collection(PlaygroundCollection.Name)]
public class SelectTests(PlaygroundServer server, Browser browser)
{
    private const string Story = "/?prompt=Once&seed=1204&max_new_tokens=8&model=lstm";

    [Theory]
    [InlineData("Enter")]
    [InlineData(" ")]
    [InlineData("ArrowDown")]
    [InlineData("ArrowUp")]
    public async Task A_select_opens_by_keyboard_moves_by_arrows_and_takes_what_Enter_says(string key)
    {
        var page = await browser.OpenAsync(server.Address + Story);
        var order = page.Part("order");
        await order.TakeFocusAsync();
        await page.Keyboard.PressAsync(key);
        await Expect(page.Locator(".select-list [role=listbox]")).ToBeVisibleAsync();
        await Expect(order).ToHaveAttributeAsync("aria-expanded", "true");
        await ExpectActiveAsync(page, "transformers");
        await page.Keyboard.PressAsync("ArrowDown");
        await ExpectActiveAsync(page, "llama.cpp");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".select-list [role=listbox]")).ToHaveCountAsync(0);
        await Expect(order).ToHaveValueAsync("llama.cpp");
        await Expect(order).ToBeFocusedAsync();
        await Expect(page.Locator(".stage").First).ToHaveAttributeAsync("data-testid", "stage-repetition_penalty");
    }

    [Fact]
    public async Task A_letter_jumps_and_Escape_leaves_everything_as_it_was()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        var order = page.Part("order");
        await order.TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await ExpectActiveAsync(page, "transformers");
        await page.Keyboard.PressAsync("v");
        await ExpectActiveAsync(page, "vLLM");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".select-list [role=listbox]")).ToHaveCountAsync(0);
        await Expect(order).ToHaveValueAsync("transformers");
        await Expect(order).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Tab_reaches_a_select_once_and_leaves_an_open_one_closed()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        await page.Part("order").TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".select-list [role=listbox]")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".select-list [role=listbox]")).ToHaveCountAsync(0);
        await Expect(page.Part("neutral")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(page.Part("order")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData(Story, "order", "Order of the stages")]
    [InlineData(Story, "strategy", "Strategy")]
    [InlineData("/tokens", "model", "Model")]
    [InlineData("/compare?prompt=Once", "model-1", "Model of column 1")]
    public async Task Every_select_has_its_name_and_a_place_for_a_finger(string address, string select, string name)
    {
        var page = await browser.OpenAsync(server.Address + address, open: false);
        await page.GotoAsync(server.Address + address);
        var box = page.GetByRole(AriaRole.Combobox, new() { NameRegex = new("^" + name) });
        await Expect(box).ToHaveAttributeAsync("data-testid", select);
        await Expect(box).ToBeEnabledAsync();
        var size = await box.EvaluateAsync<double[]>("e => (b => [b.width, b.height])(e.closest('.select').getBoundingClientRect())");
        Assert.All(size, side => Assert.True(side >= 24, $"{size[0]} by {size[1]}"));
    }

    [Theory]
    [InlineData(320, "order")]
    [InlineData(320, "strategy")]
    [InlineData(320, "add-stage")]
    [InlineData(390, "add-stage")]
    [InlineData(1440, "add-stage")]
    public async Task The_list_stays_within_the_screen(int width, string opener)
    {
        var page = await browser.OpenAsync(server.Address + Story, width, 640);
        if (width < 760)
        {
            await page.Part("open-sampler").ClickAsync();
            await Expect(page.Locator(".sampler-panel")).ToBeFocusedAsync();
        }

        await page.Part(opener).ScrollIntoViewIfNeededAsync();
        await page.Part(opener).ClickAsync();
        var list = page.Locator(".mud-popover-open");
        await Expect(list).ToBeVisibleAsync();
        await list.EvaluateAsync("e => Promise.all(e.getAnimations({ subtree: true }).map(a => a.finished))");
        await Expect(list).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
        await page.Keyboard.PressAsync("Escape");
        await Expect(list).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_stage_is_added_by_keyboard_and_its_menu_says_what_each_does()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        await page.Locator(".add-stage .mud-menu-activator").TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".mud-popover-open :focus")).ToHaveCountAsync(1);
        var first = await page.Locator(".mud-popover-open :focus").GetAttributeAsync("data-testid");
        Assert.NotEmpty(await page.Locator(".mud-popover-open :focus .about").InnerTextAsync());
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Part("stage-" + first!["add-".Length..])).ToBeVisibleAsync();
        await Expect(page.Locator(".add-stage .mud-menu-activator")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("add-stage")]
    [InlineData("model-picker")]
    public async Task A_menu_that_was_opened_by_a_press_closes_by_Escape_and_the_run_goes_on(string opener)
    {
        var page = await browser.OpenAsync(server.Address + "/?prompt=Once&max_new_tokens=50000&ignore_eos=true&model=lstm");
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("stop")).ToBeVisibleAsync();
        foreach (var how in new[] { "press", "key" })
        {
            var button = page.Locator(".mud-menu-activator").Filter(new() { Has = page.Part(opener) });
            if (how == "press")
                await button.ClickAsync();
            else
                await button.PressAsync("Enter");
            await Expect(page.Locator(".mud-popover-open [role=menu]")).ToBeVisibleAsync();
            if (how == "key")
                await Expect(page.Locator(".mud-popover-open :focus")).ToHaveCountAsync(1);
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.Locator(".mud-popover-open [role=menu]")).ToHaveCountAsync(0);
            await Expect(button).ToBeFocusedAsync();
        }

        await Expect(page.Part("stop")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Ctrl_Enter_on_a_select_generates_and_opens_nothing()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        await page.Part("order").PressAsync("Control+Enter");
        await page.EndedAsync();
        await Expect(page.Locator(".select-list [role=listbox]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Chat_or_text_is_one_stop_of_Tab_with_arrows_between_and_both_words_are_seen()
    {
        var page = await browser.OpenAsync(server.Address + "/?model=instruct&prompt=Hi");
        var (chat, text) = (page.Part("chat"), page.Part("plain-text"));
        await Expect(chat).ToBeCheckedAsync();
        await chat.TakeFocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(text).ToBeCheckedAsync();
        await Expect(text).ToBeFocusedAsync();
        await Expect(page.Part("system")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(chat).ToBeCheckedAsync();
        await Expect(page.Part("system")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Part("system")).ToBeFocusedAsync();
        foreach (var radio in new[] { chat, text })
        {
            await Expect(radio).ToHaveCSSAsync("background-color", "rgba(0, 0, 0, 0)");
            Assert.True(await radio.EvaluateAsync<double>("e => e.getBoundingClientRect().height") >= 24);
        }
    }

    [Fact]
    public async Task Before_the_page_is_alive_nothing_can_be_chosen()
    {
        var page = await browser.OpenAsync(server.Address + Story, open: false);
        await page.RouteAsync("**/*.js", route => route.AbortAsync());
        await page.GotoAsync(server.Address + Story);
        await Expect(page.Part("order")).ToBeDisabledAsync();
        await Expect(page.Part("strategy")).ToBeDisabledAsync();
        await Expect(page.Part("add-stage")).ToHaveAttributeAsync("aria-disabled", "true");
    }

    private static Task ExpectActiveAsync(IPage page, string text) => Expect(page.Locator("[role=option].mud-selected-item, [role=option][aria-selected=true]").Last).ToContainTextAsync(text);
}
