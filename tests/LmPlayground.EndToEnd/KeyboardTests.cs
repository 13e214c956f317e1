using System.Text.Json;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;

namespace LmPlayground.EndToEnd;

/// <summary>The pages without a mouse: every control is reached, shows that it has the focus, and the focus is never lost.</summary>
[Collection(PlaygroundCollection.Name)]
public class KeyboardTests(PlaygroundServer server, Browser browser)
{
    private const string Story = "/?prompt=Once+upon+a+time&seed=1204&temperature=0.8&top_k=40&max_new_tokens=12&stop=%5Cn";

    private const string Columns = "/compare?prompt=Once+upon+a+time&seed=7&max_new_tokens=8&column=temperature%3D0.8&column=temperature%3D1.4";

    /// <summary>Everything that a hand could use, by what names it, in the order of the page.</summary>
    private const string Controls = """
        () => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
            .filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }))
            .map((e, i) => (e.dataset.walk = `${i}`, e.dataset.testid ?? e.getAttribute('aria-label') ?? e.textContent.trim().slice(0, 40)))
        """;

    /// <summary>The number of the element with the focus, -1 for none, and whether anything shows that it has it.</summary>
    private const string Focused = """
        () => {
            const e = document.activeElement, style = getComputedStyle(e);
            const isOutlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
            return { at: Number(e.dataset.walk ?? -1), isShown: isOutlined || style.boxShadow !== 'none' };
        }
        """;

    [Theory]
    [InlineData(Story, 1440)]
    [InlineData(Story, 390)]
    [InlineData(Columns, 1440)]
    [InlineData("/tokens", 1440)]
    [InlineData("/models", 1440)]
    public async Task Tab_reaches_every_control_once_in_the_order_of_the_page_and_shows_where_it_is(string address, int width)
    {
        var page = await browser.OpenAsync(server.Address + address, width, open: false);
        await page.GotoAsync(server.Address + address);
        if (address is Story or Columns)
            await GenerateAsync(page, address);
        else
            await Assertions.Expect(page.Part(address == "/tokens" ? "add" : "hub-words")).ToBeEnabledAsync();
        if (address == "/tokens")
            await Assertions.Expect(page.Part("counts").First).ToBeVisibleAsync();

        var names = await page.EvaluateAsync<string[]>(Controls);
        Assert.True(names.Length > 5, "there is hardly anything on the page");
        await page.Locator("[data-walk='1']").TakeFocusAsync();
        for (var i = 0; i < names.Length; i++)
        {
            await page.Keyboard.PressAsync(i == 0 ? "Shift+Tab" : "Tab");
            var focused = await page.EvaluateAsync<JsonElement>(Focused);
            var at = focused.GetProperty("at").GetInt32();
            Assert.True(at == i, $"Tab {i + 1} comes to {(at < 0 ? "nothing that is a control" : names[at])} where {names[i]} stands");
            Assert.True(focused.GetProperty("isShown").GetBoolean(), $"{names[i]} does not show that it has the focus");
        }
    }

    [Fact]
    public async Task The_prompt_comes_before_the_answer()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        await page.GenerateAsync();
        await page.Part("prompt").TakeFocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Part("tokens")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_model_menu_opens_by_keyboard_and_gives_the_focus_back()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        var picker = page.Locator(".model-picker .mud-menu-activator");
        await picker.TakeFocusAsync();
        await Assertions.Expect(picker).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".mud-popover :focus")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".model-item")).ToHaveCountAsync(0);
        await Assertions.Expect(picker).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("stage-temperature-reset", ".parameter:has([data-testid=stage-temperature-number])")]
    [InlineData("stage-xtc-remove", ".stages")]
    [InlineData("chip", ".stop-at .chips")]
    [InlineData("generate", ".actions")]
    public async Task What_goes_when_it_is_used_leaves_the_focus_to_its_neighbour(string used, string place)
    {
        var page = await browser.OpenAsync(server.Address + Story + "&xtc_probability=0.5");
        var control = used == "chip" ? page.Locator(".stop-at .chip.on button[aria-label^=Remove]") : page.Part(used);
        await control.TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        if (used != "generate")
            await Assertions.Expect(control.And(page.Locator(":enabled"))).ToHaveCountAsync(0);
        else
            await page.EndedAsync();
        await Assertions.Expect(page.Locator($"{place} :focus")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Ctrl_Enter_sends_the_box_that_is_being_edited_and_generates_with_it()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        await page.Part("max-new-tokens-number").FillAsync("3");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.EndedAsync();
        Assert.Equal(3, await page.TokenCountAsync());
    }

    [Fact]
    public async Task Arrow_keys_step_a_number_within_its_range()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        var box = page.Part("stage-temperature-number");
        await box.FillAsync("0,1");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(box).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^0.0[0-9]*$"));
        await Assertions.Expect(page.Part("stage-temperature-trace")).ToBeVisibleAsync();
        await Assertions.Expect(page.Part("stage-temperature-number-notice")).ToHaveCountAsync(0);
    }

    /// <summary>What a box shows is the browser's: only there a refusal could leave what was typed standing.</summary>
    [Theory]
    [InlineData("stage-temperature-number", "9", "5.00", true)]
    [InlineData("stage-temperature-number", "warm", "0.80", true)]
    [InlineData("stage-temperature-number", "1,25", "1.25", false)]
    [InlineData("stage-temperature-number", "０．７５", "0.75", false)]
    [InlineData("stage-temperature-number", "", "0.80", false)]
    [InlineData("seed", "many", "1204", true)]
    [InlineData("seed", "", "-1", false)]
    [InlineData("max-new-tokens-number", "1,024", "1024", false)]
    public async Task A_box_shows_the_number_that_is_in_use(string name, string typed, string shown, bool isRefused)
    {
        var page = await browser.OpenAsync(server.Address + Story + "&model=lstm");
        await page.SetAsync(name, typed);
        await Assertions.Expect(page.Part(name)).ToHaveValueAsync(shown);
        await Assertions.Expect(page.Part(name + "-notice")).ToHaveCountAsync(isRefused ? 1 : 0);

        // The same again: the value in use stays as it is, and so does the box.
        await page.SetAsync(name, typed);
        await Assertions.Expect(page.Part(name)).ToHaveValueAsync(shown);
    }

    [Fact]
    public async Task The_box_of_chips_is_emptied_and_takes_the_next_one()
    {
        var page = await browser.OpenAsync(server.Address + Story);
        var box = page.Part("add-stop-string");
        await box.TakeFocusAsync();
        await page.Keyboard.TypeAsync("END");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(box).ToHaveValueAsync("");
        await page.Keyboard.TypeAsync(" ");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(box).ToHaveValueAsync("");
        await Assertions.Expect(page.Locator(".stop-at .chip code")).ToHaveTextAsync(["↵", "END", "␣"]);
    }

    private static async Task GenerateAsync(IPage page, string address)
    {
        await page.ReadyAsync();
        if (address == Story)
        {
            await page.GenerateAsync();
            return;
        }

        await page.Part("generate").ClickAsync();
        await Assertions.Expect(page.Part("metric-tokens")).ToContainTextAsync("8", new() { Timeout = 60_000 });
        await page.ReadyAsync();
    }
}
