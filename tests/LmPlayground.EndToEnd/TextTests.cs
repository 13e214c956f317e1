using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>The text of the page under hands of all kinds: input methods, long texts, narrow and low windows, forced colours.</summary>
[Collection(PlaygroundCollection.Name)]
public class TextTests(PlaygroundServer server, Browser browser)
{
    /// <summary>Counts what the prompt's box tells the server.</summary>
    private const string Count = "() => { window.edits = []; document.addEventListener('promptedit', event => window.edits.push(event.detail.text), true); }";

    [Fact]
    public async Task Nothing_is_sent_while_an_input_method_composes_and_the_whole_word_after()
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram&max_new_tokens=2&prompt=");
        await page.Part("prompt").TakeFocusAsync();
        await page.EvaluateAsync(Count);
        await page.Clock.InstallAsync();
        var input = await page.Context.NewCDPSessionAsync(page);
        foreach (var part in new[] { "n", "ni", "nih", "nihao" })
        {
            await input.SendAsync("Input.imeSetComposition", new() { ["text"] = part, ["selectionStart"] = part.Length, ["selectionEnd"] = part.Length });
        }

        // Leaving, the key that runs, and the time after which typing rests change nothing while a word is being chosen.
        await page.EvaluateAsync("() => document.dispatchEvent(new CustomEvent('lm:flush'))");
        await page.Clock.RunForAsync(700);
        Assert.Equal("nihao", await page.Part("prompt").InputValueAsync());
        Assert.Equal(0, await page.EvaluateAsync<int>("() => window.edits.length"));

        await input.SendAsync("Input.insertText", new() { ["text"] = "你好" });
        await page.Clock.RunForAsync(700);
        Assert.Equal("你好", await page.EvaluateAsync<string>("() => window.edits.join('|')"));
    }

    [Fact]
    public async Task Keys_of_an_input_method_start_and_stop_nothing()
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram&max_new_tokens=2&prompt=Once");
        await page.EvaluateAsync("() => { window.keys = 0; document.addEventListener('runkey', () => window.keys++, true); }");
        const string press = "(box, isComposing) => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, isComposing, bubbles: true }))";
        await page.Part("prompt").EvaluateAsync(press, true);
        Assert.Equal(0, await page.EvaluateAsync<int>("() => window.keys"));
        await page.Part("prompt").EvaluateAsync(press, false);
        Assert.Equal(1, await page.EvaluateAsync<int>("() => window.keys"));
        await page.EndedAsync();
    }

    [Theory]
    [InlineData("", "one")]
    [InlineData("one", "")]
    [InlineData("aaaa", "aaa")]
    [InlineData("aba", "ababa")]
    [InlineData("a\nb\nc", "a\nB\nc")]
    [InlineData("👩‍🚀👩‍🚀", "👩‍🚀x👩‍🚀")]
    [InlineData("x", "x\n")]
    public async Task The_copy_under_the_box_has_its_text_after_every_edit(string before, string after)
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram");
        foreach (var text in new[] { before, after, before })
        {
            await page.Part("prompt").FillAsync(text);
            Assert.Equal(text, await page.Locator(".mirror").EvaluateAsync<string>("copy => copy.textContent"));
        }
    }

    [Theory]
    [InlineData(1920)]
    [InlineData(2560)]
    public async Task Lines_of_text_have_at_most_about_75_characters(int width)
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram", width, 900);
        await page.Part("prompt").FillAsync(string.Concat(Enumerable.Repeat("One day, a little girl named Lily found a needle in her room. ", 20)));
        var characters = await page.Locator(".mirror").EvaluateAsync<double>("copy => copy.textContent.length / new Set([...copy.getClientRects()].map(line => line.top)).size");
        Assert.InRange(characters, 60, 78);
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1200, 800)]
    [InlineData(390, 800)]
    [InlineData(320, 640)]
    public async Task The_status_line_keeps_its_height_from_before_a_run_to_its_end(int width, int height)
    {
        var page = await browser.OpenAsync(server.Address + "/?model=lstm&max_new_tokens=60&prompt=Once", width, height);
        var before = await page.Part("status").EvaluateAsync<double>("line => line.getBoundingClientRect().height");
        await page.Part("status").EvaluateAsync(
            "line => { window.heights = new Set(); new ResizeObserver(() => window.heights.add(line.getBoundingClientRect().height)).observe(line); }");
        await page.GenerateAsync();
        Assert.Equal([before], await page.EvaluateAsync<double[]>("() => [...window.heights]"));
    }

    [Theory]
    [InlineData(320, 640)]
    [InlineData(320, 225)]
    [InlineData(390, 800)]
    public async Task Narrow_windows_and_400_percent_zoom_lose_no_button(int width, int height)
    {
        var page = await browser.OpenAsync(server.Address + "/?max_new_tokens=5&prompt=Once&top_k=banana", width, height);
        await page.GenerateAsync();
        Assert.Equal("", await page.EvaluateAsync<string>(Unreachable, ".actions button, .notices button, .status"));
        await page.ClickTokenAsync(0);
        await Expect(page.Locator(".token-panel.open")).ToBeVisibleAsync();
        Assert.Equal("", await page.EvaluateAsync<string>(Unreachable, ".token-panel button"));
    }

    [Theory]
    [InlineData(700)]
    [InlineData(713)]
    [InlineData(727)]
    [InlineData(741)]
    public async Task No_row_of_the_candidates_is_cut_by_the_row_of_the_others(int height)
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram&max_new_tokens=5&prompt=Once", 1440, height);
        await page.GenerateAsync();
        var cut = await page.EvaluateAsync<string[]>(
            """
            () => {
              const others = document.querySelector('.candidates tfoot td').getBoundingClientRect().top;
              return [...document.querySelectorAll('.candidates tbody tr')].map(row => row.getBoundingClientRect())
                .filter(row => row.top < others - 1.5 && row.bottom > others + 1.5).map(row => `${row.top} to ${row.bottom}, others at ${others}`);
            }
            """);
        Assert.Empty(cut);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Forced_colours_keep_the_heat_of_tokens_and_the_selection(ColorScheme scheme)
    {
        var page = await browser.OpenAsync("about:blank", scheme: scheme, open: false);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ForcedColors = ForcedColors.Active });
        await page.GotoAsync(server.Address + "/?model=ngram&max_new_tokens=60&temperature=1.5&seed=4&prompt=Once");
        await page.ReadyAsync();
        await page.GenerateAsync();
        await page.ClickTokenAsync(0);
        await Expect(page.Locator(".t.sel")).ToHaveCountAsync(1);
        var heats = await page.EvaluateAsync<string[]>(
            "() => [1, 2, 3, 4, 5].map(heat => document.querySelector(`.heat .h${heat}`)).filter(step => step).map(step => getComputedStyle(step).backgroundColor)");
        Assert.True(heats.Length >= 3);
        Assert.Equal(heats.Length, heats.Distinct().Count());
        Assert.NotEqual("none", await page.Locator(".t.sel").EvaluateAsync<string>("token => getComputedStyle(token).outlineStyle"));

        // What the screen shows of the hottest token is what the legend shows.
        var hot = (await page.TokensAsync()).Select((token, index) => (token.Heat, index)).Skip(1).First(token => token.Heat == 5).index;
        Assert.Equal(heats[^1], await page.ColourOfTokenAsync(hot));
    }

    /// <summary>What of a selector's elements a pointer does not find at their middle after they were scrolled to.</summary>
    private const string Unreachable =
        """
        selector => [...document.querySelectorAll(selector)].filter(element => element.getClientRects().length > 0).filter(element => {
          element.scrollIntoView({ block: 'center', inline: 'center' });
          const box = element.getBoundingClientRect();
          const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
          return box.left < -1 || box.right > innerWidth + 1 || !found || !(element.contains(found) || found.contains(element));
        }).map(element => element.dataset.testid ?? element.ariaLabel ?? element.textContent).join(', ')
        """;
}
