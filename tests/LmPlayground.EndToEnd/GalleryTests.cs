using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>The gallery in a browser, and the recorded demo on the untouched playground.</summary>
[Collection(PlaygroundCollection.Name)]
public sealed class GalleryTests(PlaygroundServer server, Browser browser)
{
    public static TheoryData<int, int, ColorScheme> Looks => new()
    {
        { 1440, 900, ColorScheme.Light },
        { 1440, 900, ColorScheme.Dark },
        { 1024, 768, ColorScheme.Light },
        { 768, 1024, ColorScheme.Dark },
        { 390, 844, ColorScheme.Light },
        { 390, 844, ColorScheme.Dark },
        { 320, 640, ColorScheme.Light },
    };

    /// <summary>With LMPLAYGROUND_SCREENSHOTS set the pictures are kept in that folder.</summary>
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task It_is_accessible_and_does_not_overflow(int width, int height, ColorScheme scheme)
    {
        var page = await OpenAsync("/gallery", width, height, scheme);
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"gallery-{width}-{scheme}.png"), FullPage = true });
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var nav = await page.Locator(".pages").EvaluateAsync<int>("nav => nav.scrollWidth - nav.clientWidth");
        Assert.Equal(0, nav);
        var findings = await page.RunAxe();
        Assert.Empty(findings.Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
    }

    [Fact]
    public async Task A_card_opens_by_keyboard_anywhere_on_it_and_without_a_socket()
    {
        var page = await OpenAsync("about:blank");
        var sockets = new List<string>();
        page.WebSocket += (_, socket) => sockets.Add(socket.Url);
        await page.GotoAsync(server.Address + "/gallery");
        await page.GetByRole(AriaRole.Link, new() { Name = "A story, token by token" }).TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("token-title")).ToHaveTextAsync("Token 1 of 90");
        await page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Expect(page.GetByTestId("card")).Not.ToHaveCountAsync(0);
        var text = (await page.GetByTestId("card").Nth(1).Locator(".beginning").BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(text.X + 20, text.Y + 10);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Greedy at its best: one right answer");
        await page.GetByTestId("tokens").TakeFocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByTestId("token-title")).ToHaveTextAsync("Token 2 of 8");
        Assert.Empty(sockets);
        Assert.False(await page.EvaluateAsync<bool>("'Blazor' in window"));
    }

    [Fact]
    public async Task A_copy_of_a_recorded_demo_makes_the_same_text_on_the_playground()
    {
        var page = await OpenAsync("/d/gallery-greedy-best");
        await page.GetByTestId("fork").ClickAsync();
        await page.ReadyAsync();
        await page.GenerateAsync();
        await Expect(page.Part("tokens")).ToContainTextAsync("The capital of France is Paris.");
    }

    [Fact]
    public async Task Without_a_script_the_playground_shows_a_recorded_text_and_leads_to_it()
    {
        var page = await OpenAsync("/", script: false);
        await Expect(page.Part("first-demo")).ToContainTextAsync("Once upon a time, there was a little girl named Lily.");
        Assert.NotEqual(0, await page.Part("first-demo").Locator(".t.h5").CountAsync());
        await page.Part("first-demo-link").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("A story, token by token");
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task The_recorded_text_stays_where_it_is_when_the_circuit_comes_and_goes_when_somebody_writes(int width, int height)
    {
        var plain = await OpenAsync("/", width, height, script: false);
        var before = await PlaceAsync(plain);
        var page = await OpenAsync("/", width, height);
        await page.ReadyAsync();
        Assert.Equal(before, await PlaceAsync(page));
        Assert.InRange(await page.EvaluateAsync<int>("document.querySelectorAll('*').length"), 1, 899);
        await page.Part("prompt").FillAsync("My own words");
        await Expect(page.Part("first-demo")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_recorded_text_goes_when_something_is_run_and_the_gallery_is_a_click_away()
    {
        var page = await OpenAsync("/?max_new_tokens=4&seed=1");
        await page.ReadyAsync();
        await Expect(page.Part("first-demo")).ToBeVisibleAsync();
        await page.GenerateAsync();
        await Expect(page.Part("first-demo")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Gallery", Exact = true }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Gallery");
    }

    [Fact]
    public async Task Tab_comes_to_the_prompt_before_the_links_of_the_recorded_text()
    {
        var page = await OpenAsync("/");
        await page.ReadyAsync();
        await page.Part("prompt").TakeFocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Part("first-demo-link")).ToBeFocusedAsync();
    }

    private static async Task<string> PlaceAsync(IPage page)
    {
        var box = (await page.Part("first-demo").BoundingBoxAsync())!;
        return $"{await page.Part("first-demo").TextContentAsync()} {box.X:0} {box.Y:0} {box.Width:0} {box.Height:0}";
    }

    private async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool script = true)
    {
        var page = await browser.OpenAsync(server.Address, width, height, scheme, open: false, script: script);
        if (path.StartsWith('/'))
            await page.GotoAsync(server.Address + path);
        return page;
    }
}
