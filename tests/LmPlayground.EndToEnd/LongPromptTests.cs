using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A prompt too long for two copies of its text: it stands in its box alone, and is edited as any other.</summary>
[Collection(PlaygroundCollection.Name)]
public class LongPromptTests(PlaygroundServer server, Browser browser)
{
    private static readonly string Paragraph = string.Concat(Enumerable.Repeat("One day, a little girl named Lily found a needle in her room. ", 8)) + "\n\n";

    private static string Text(int length) => string.Concat(Enumerable.Repeat(Paragraph, (length / Paragraph.Length) + 1))[..length];

    [Fact]
    public async Task Tokens_begin_below_a_long_prompt_and_flow_on_after_a_short_one()
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram&max_new_tokens=5&seed=1");
        await page.Part("prompt").FillAsync(Text(30_000));
        await page.GenerateAsync();
        Assert.Equal("", await page.Locator(".mirror").EvaluateAsync<string>("copy => copy.textContent"));
        var (_, top, _, _) = await page.PlaceOfTokenAsync(0);
        Assert.True(top >= await BottomAsync(page) - 1, "the tokens lie over the prompt");

        await page.Part("prompt").FillAsync("Once upon a time");
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("context")).ToHaveTextAsync("10");
        (_, top, _, _) = await page.PlaceOfTokenAsync(0);
        Assert.InRange(top, 0, await BottomAsync(page) - 10);
        Assert.Equal("Once upon a time", await page.Locator(".mirror").EvaluateAsync<string>("copy => copy.textContent"));
    }

    [Fact]
    public async Task A_megabyte_is_pasted_and_taken_back()
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram&prompt=Once");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.EvaluateAsync("text => navigator.clipboard.writeText(text)", Text(1_000_000));
        await page.Part("prompt").TakeFocusAsync();
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.PressAsync("ControlOrMeta+v");
        await Expect(page.Locator(".flow[data-long]")).ToHaveCountAsync(1);
        Assert.Equal(1_000_000, await page.Part("prompt").EvaluateAsync<int>("box => box.textLength"));
        await page.Keyboard.PressAsync("ControlOrMeta+z");
        await Expect(page.Part("prompt")).ToHaveValueAsync("Once");
        await Expect(page.Locator(".flow[data-long]")).ToHaveCountAsync(0);
        await page.Keyboard.TypeAsync("!");
        Assert.Equal(await page.Part("prompt").InputValueAsync(), await page.Locator(".mirror").EvaluateAsync<string>("copy => copy.textContent"));
    }

    [Fact]
    public async Task The_caret_stays_in_view_where_a_long_text_is_typed()
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram");
        await page.Part("prompt").FillAsync(Text(100_000));
        await page.Keyboard.PressAsync("ControlOrMeta+End");
        await page.Keyboard.TypeAsync("and then");
        Assert.True(await page.EvaluateAsync<bool>(InView, "end"), "the end of the text is out of view");
        await page.Keyboard.PressAsync("ControlOrMeta+Home");
        await page.Keyboard.TypeAsync("Once ");
        Assert.True(await page.EvaluateAsync<bool>(InView, "start"), "the beginning of the text is out of view");
        Assert.EndsWith("and then", await page.Part("prompt").InputValueAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transformer", 3000)]
    [InlineData("instruct", 3000)]
    public async Task A_prompt_that_is_too_long_says_by_how_much_and_shortening_it_so_far_is_enough(string model, int words)
    {
        var page = await browser.OpenAsync($"{server.Address}/?model={model}&max_new_tokens=1&seed=1");
        await page.Part("prompt").FillAsync(string.Concat(Enumerable.Repeat(" the", words)));
        await Expect(page.Part("prompt-tokens")).ToContainTextAsync("too long by");
        var excess = await page.Part("prompt-tokens").Locator("b").Last.TextContentAsync();
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("error")).ToContainTextAsync($"shorten it by {excess} tokens", new() { Timeout = 60_000 });

        // Each word is a token.
        var fitting = words - int.Parse(excess!, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture);
        await page.Part("prompt").FillAsync(string.Concat(Enumerable.Repeat(" the", fitting)));
        await Expect(page.Part("prompt-tokens")).Not.ToContainTextAsync("too long");
        await page.GenerateAsync();
        await page.HasTokensAsync(1);
    }

    /// <summary>Whether an end of the prompt's box can be seen, with a line of its text.</summary>
    private const string InView = """
        end => {
          const box = document.querySelector('textarea.prompt').getBoundingClientRect();
          const view = document.querySelector('.text-scroll').getBoundingClientRect();
          return end === 'end' ? box.bottom <= view.bottom + 40 && box.bottom > view.top : box.top >= view.top - 40 && box.top < view.bottom;
        }
        """;

    private static Task<double> BottomAsync(IPage page) =>
        page.Part("prompt").EvaluateAsync<double>("box => box.getBoundingClientRect().bottom");
}
