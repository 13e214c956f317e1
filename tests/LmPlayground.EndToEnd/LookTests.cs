using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;

namespace LmPlayground.EndToEnd;

/// <summary>How the page looks: for people who see it, and for those who do not.</summary>
[Collection(PlaygroundCollection.Name)]
public class LookTests(PlaygroundServer server, Browser browser)
{
    private const string Story = "/?prompt=Once+upon+a+time&seed=1204&temperature=0.8&top_k=40&top_p=0.92&max_new_tokens=60";

    private const string Columns = "/compare?prompt=Once+upon+a+time&seed=7&max_new_tokens=40&column=temperature%3D0.8&column=temperature%3D1.4&column=model%3Dlstm";

    public static TheoryData<string, int, int, ColorScheme> Looks => new()
    {
        { "playground", 1440, 900, ColorScheme.Light },
        { "playground-dark", 1440, 900, ColorScheme.Dark },
        { "playground-medium", 1000, 800, ColorScheme.Light },
        { "playground-tablet", 768, 1024, ColorScheme.Light },
        { "playground-narrow", 390, 844, ColorScheme.Light },
    };

    /// <summary>With LMPLAYGROUND_SCREENSHOTS set the pictures are kept in that folder: the README's picture is one of them.</summary>
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task The_page_is_accessible_and_does_not_overflow(string name, int width, int height, ColorScheme scheme)
    {
        var page = await browser.OpenAsync(server.Address + Story, width, height, scheme);
        await page.GenerateAsync();
        await page.ClickTokenAsync(12);
        await Assertions.Expect(page.Part("candidates")).ToBeVisibleAsync();
        await CheckAsync(page, name);
    }

    public static TheoryData<string, int, ColorScheme> Widths => new()
    {
        { "compare", 1440, ColorScheme.Light },
        { "compare-dark", 1440, ColorScheme.Dark },
        { "compare-narrow", 390, ColorScheme.Light },
    };

    [Theory]
    [MemberData(nameof(Widths))]
    public async Task The_compare_page_is_accessible_and_does_not_overflow(string name, int width, ColorScheme scheme)
    {
        var page = await browser.OpenAsync(server.Address + Columns, width, 900, scheme);
        await page.Part("generate").ClickAsync();
        await Assertions.Expect(page.Part("metric-tokens")).ToContainTextAsync("40", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Part("candidates").First).ToBeVisibleAsync();
        await CheckAsync(page, name);
    }

    [Theory]
    [InlineData(ColorScheme.Dark, null, true)]
    [InlineData(ColorScheme.Light, null, false)]
    [InlineData(ColorScheme.Light, "dark", true)]
    [InlineData(ColorScheme.Dark, "light", false)]
    public async Task The_first_paint_is_in_the_visitors_theme_without_a_script(ColorScheme system, string? chosen, bool isDark)
    {
        var page = await browser.OpenAsync(server.Address, scheme: system, open: false);
        if (chosen is not null)
            await page.Context.AddCookiesAsync([new Cookie { Name = "theme", Value = chosen, Url = server.Address }]);
        await page.RouteAsync("**/*.js", route => route.AbortAsync());
        await page.GotoAsync(server.Address);
        var colours = await page.EvaluateAsync<string[]>(
            """
            () => {
              // One of MudBlazor's, which is mixed with an opacity, among the page's own.
              const mixed = document.createElement('i');
              mixed.style.color = 'rgba(var(--mud-palette-text-primary-rgb), 1)';
              document.body.append(mixed);
              return [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.shell')).backgroundColor, getComputedStyle(mixed).color];
            }
            """);
        Assert.Equal(
            isDark ? ["rgb(19, 20, 22)", "rgb(27, 29, 32)", "rgb(236, 236, 234)"] : ["rgb(246, 246, 244)", "rgb(255, 255, 255)", "rgb(29, 29, 27)"], colours);
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        var findings = await page.RunAxe();
        Assert.True(findings.Violations.Length == 0, Describe(findings.Violations));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page scrolls sideways");
        Assert.False(
            await page.EvaluateAsync<bool>("(pages => pages.scrollWidth > pages.clientWidth)(document.querySelector('.pages'))"), "the links to the pages are cut off");

        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_SCREENSHOTS") is { Length: > 0 } folder)
        {
            var file = Path.Combine(TestFiles.Root, folder, name + ".png");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = file });
        }
    }

    private static string Describe(AxeResultItem[] violations) => string.Join(
        '\n', violations.Select(violation => $"{violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Take(5).Select(node => node.Html))}"));
}
