using System.Globalization;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>Tokens that are no elements: they cost few of them, and are coloured, pointed at, chosen and copied all the same.</summary>
[Collection(PlaygroundCollection.Name)]
public class TokenElementsTests(PlaygroundServer server, Browser browser)
{
    private const string Story = "/?model=ngram&prompt=Once+upon+a+time&seed=4&temperature=1.3&ignore_eos=true&max_new_tokens=";

    /// <summary>Where each token's first rectangle is.</summary>
    private static async Task<List<(double, double)>> PlacesAsync(IPage page, int count)
    {
        var places = new List<(double, double)>();
        for (var i = 0; i < count; i++)
        {
            var (left, top, _, _) = await page.PlaceOfTokenAsync(i);
            places.Add((Math.Round(left), Math.Round(top)));
        }

        return places;
    }

    [Theory]
    [InlineData(500, 900)]
    [InlineData(3000, 2000)]
    public async Task A_page_of_many_tokens_with_every_stage_shown_has_few_elements(int tokens, int most)
    {
        var page = await browser.OpenAsync(server.Address + Story + tokens.ToString(CultureInfo.InvariantCulture));
        var stages = page.Part("add-stage").Locator("option:not([value=''])");
        while (await stages.CountAsync() is > 0 and var left)
        {
            await page.Part("add-stage").SelectOptionAsync(await stages.First.GetAttributeAsync("value") ?? "");
            await Expect(stages).ToHaveCountAsync(left - 1);
        }

        await page.GenerateAsync();
        Assert.Equal(tokens, await page.TokenCountAsync());
        await page.ClickTokenAsync(3);
        await Expect(page.Part("candidate")).ToHaveCountAsync(50);
        Assert.InRange(await page.EvaluateAsync<int>("() => document.body.querySelectorAll('*').length"), 1, most);
    }

    [Fact]
    public async Task Every_token_is_chosen_where_it_stands_and_nothing_moves()
    {
        const int tokens = 70;
        var page = await browser.OpenAsync(server.Address + Story + tokens.ToString(CultureInfo.InvariantCulture));
        await page.GenerateAsync();
        var text = await page.GeneratedTextAsync();
        var places = await PlacesAsync(page, tokens);
        foreach (var index in new[] { 0, 1, 31, 32, 33, 63, 69 })
        {
            await page.ClickTokenAsync(index);
            await Expect(page.Part("token-title")).ToHaveTextAsync($"Token {index + 1} of {tokens}");
            await Expect(page.Locator(".tokens .t.sel")).ToHaveAttributeAsync("data-token", index.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(text, await page.GeneratedTextAsync());
            Assert.Equal(places, await PlacesAsync(page, tokens));
        }
    }

    [Fact]
    public async Task Beside_the_text_and_between_its_lines_there_is_no_token()
    {
        var page = await browser.OpenAsync(server.Address + Story + "60");
        await page.GenerateAsync();
        await page.ClickTokenAsync(5);
        await Expect(page.Part("token-title")).ToHaveTextAsync("Token 6 of 60");
        var (left, top, width, height) = await page.PlaceOfTokenAsync(59);
        await page.Mouse.ClickAsync((float)(left + width + 60), (float)(top + (height / 2)));
        await page.Mouse.ClickAsync((float)(left + 1), (float)(top + height + 60));

        // What the server answers next comes after anything that a click would have done.
        await page.ClickTokenAsync(5);
        await page.Part("next-token").ClickAsync();
        await Expect(page.Part("token-title")).ToHaveTextAsync("Token 7 of 60");
    }

    [Fact]
    public async Task A_token_under_the_pointer_says_the_models_probability()
    {
        var page = await browser.OpenAsync(server.Address + Story + "40");
        await page.GenerateAsync();
        var (left, top, width, height) = await page.PlaceOfTokenAsync(7);
        await page.Mouse.MoveAsync((float)(left + (width / 2)), (float)(top + (height / 2)));
        await Expect(page.Locator("token-chunk[title]")).ToHaveCountAsync(1);
        var share = (await page.Locator("token-chunk").First.GetAttributeAsync("data-shares"))!.Split(' ')[7];
        await Expect(page.Locator("token-chunk").First).ToHaveAttributeAsync("title", share + " %");
        Assert.Equal(1, await page.EvaluateAsync<int>("() => CSS.highlights.get('pointed').size"));
        await page.Mouse.MoveAsync(2, 2);
        Assert.Equal(0, await page.EvaluateAsync<int>("() => CSS.highlights.get('pointed').size"));
    }

    [Fact]
    public async Task A_bar_of_the_strip_is_its_token()
    {
        var page = await browser.OpenAsync(server.Address + Story + "200");
        await page.GenerateAsync();
        var bars = page.Locator("svg.surprisal").Nth(1);
        await bars.ScrollIntoViewIfNeededAsync();
        var box = (await bars.BoundingBoxAsync())!;

        // The second chunk begins with bar 128 and has 72.
        await bars.ClickAsync(new() { Position = new() { X = (float)(box.Width / 72 * 10.5), Y = box.Height / 2 } });
        await Expect(page.Part("token-title")).ToHaveTextAsync("Token 139 of 200");
        await Expect(page.Locator(".bars")).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex("^.+ [0-9.]+ bits$"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Each_token_has_the_colour_of_its_probability_until_its_text_is_another(ColorScheme scheme)
    {
        var page = await browser.OpenAsync(server.Address + Story + "80", scheme: scheme);
        await page.GenerateAsync();
        await page.ClickTokenAsync(0);
        await Expect(page.Locator(".t.sel[data-token='0']")).ToHaveCountAsync(1);
        var tokens = await page.TokensAsync();
        var legend = await page.EvaluateAsync<string[]>(
            "() => [1, 2, 3, 4, 5].map(heat => getComputedStyle(document.querySelector(`.heat .h${heat}`)).backgroundColor)");
        for (var heat = 1; heat <= 5; heat++)
        {
            var index = Enumerable.Range(1, tokens.Count - 1).First(index => tokens[index].Heat == heat);
            Assert.Equal(legend[heat - 1], await page.ColourOfTokenAsync(index));
        }

        var coloured = Enumerable.Range(1, tokens.Count - 1).First(index => tokens[index].Heat == 5);
        var plain = Enumerable.Range(1, tokens.Count - 1).Last(index => tokens[index].Heat == 0);
        await page.Part("prompt").FillAsync("Another");
        await Expect(page.Locator(".tokens.stale")).ToHaveCountAsync(1);
        Assert.Equal(await page.ColourOfTokenAsync(plain), await page.ColourOfTokenAsync(coloured));
    }

    [Fact]
    public async Task Arrow_keys_bring_the_token_into_view_in_the_text_and_in_the_strip()
    {
        var page = await browser.OpenAsync(server.Address + Story + "600");
        await page.GenerateAsync();
        await page.Part("tokens").TakeFocusAsync();
        foreach (var (key, index) in new[] { ("Home", 0), ("End", 599), ("ArrowLeft", 598) })
        {
            await page.Keyboard.PressAsync(key);
            var selected = page.Locator($".t.sel[data-token='{index}']");
            await Expect(selected).ToBeInViewportAsync();
            Assert.Equal($"t{index}", await page.Part("tokens").GetAttributeAsync("aria-activedescendant"));
            await Expect(page.Locator("svg.surprisal path.sel")).ToHaveCountAsync(1);
            Assert.True(await page.EvaluateAsync<bool>(
                """
                index => {
                  const bars = document.querySelector('.bars').getBoundingClientRect();
                  const chunk = [...document.querySelectorAll('svg.surprisal')].findLast(chunk => Number(chunk.dataset.first) <= index);
                  const box = chunk.getBoundingClientRect();
                  const x = box.left + (index - Number(chunk.dataset.first) + 0.5) * box.width / chunk.dataset.bits.split(' ').length;
                  return x > bars.left && x < bars.right;
                }
                """,
                index));
        }
    }

    [Fact]
    public async Task A_copied_text_is_the_models_text()
    {
        var page = await browser.OpenAsync(server.Address + Story + "90");
        await page.GenerateAsync();
        var copied = await page.EvaluateAsync<string>(
            "() => { getSelection().selectAllChildren(document.querySelector('.tokens')); return getSelection().toString(); }");
        Assert.Equal(await page.GeneratedTextAsync(), copied);
    }
}
