using System.Text;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A shared demo in a browser: read, played, scrubbed and selected without a circuit.</summary>
public sealed class DemoPageTests(DemoServer server, Browser browser) : IClassFixture<DemoServer>, IClassFixture<Browser>
{
    public static TheoryData<string, int, int, ColorScheme> Looks
    {
        get
        {
            var looks = new TheoryData<string, int, int, ColorScheme>();
            foreach (var demo in new[] { "ngram", "comparison", "masked-fill", "beams", "source", "chat" })
            {
                foreach (var (width, height) in new[] { (1440, 900), (1024, 768), (768, 1024), (390, 844), (320, 640) })
                {
                    looks.Add(demo, width, height, ColorScheme.Light);
                    if (width is 1440 or 390)
                        looks.Add(demo, width, height, ColorScheme.Dark);
                }
            }

            return looks;
        }
    }

    /// <summary>With LMPLAYGROUND_SCREENSHOTS set the pictures are kept in that folder.</summary>
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task It_is_accessible_and_does_not_overflow(string demo, int width, int height, ColorScheme scheme)
    {
        var page = await OpenAsync($"/d/{demo}?t=3", width, height, scheme);
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"demo-{demo}-{width}-{scheme}.png"), FullPage = true });
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var findings = await page.RunAxe();
        Assert.Empty(findings.Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
    }

    [Fact]
    public async Task Reading_selecting_scrubbing_and_playing_open_no_socket_and_ask_for_nothing()
    {
        var page = await OpenAsync("/", go: false);
        var sockets = new List<string>();
        var requests = new List<string>();
        var faults = new List<string>();
        page.WebSocket += (_, socket) => sockets.Add(socket.Url);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add(message.Text);
        };
        page.PageError += (_, error) => faults.Add(error);
        await GoAsync(page, "/d/ngram");

        // The icon of the tab is the browser's own request, whenever it likes.
        page.Request += (_, request) =>
        {
            if (!request.Url.Contains("/img/logo", StringComparison.Ordinal))
                requests.Add(request.Url);
        };
        await page.Locator("[data-token='5']").ClickAsync();
        await page.Keyboard.PressAsync("End");
        await page.Locator(".play [type=range]").FillAsync("2");
        await page.GetByTestId("speed").SelectOptionAsync("recorded");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();
        await Expect(Title(page)).ToHaveTextAsync("Token 12 of 12");
        Assert.Empty(sockets);
        Assert.Empty(requests);
        Assert.Empty(faults);
        Assert.False(await page.EvaluateAsync<bool>("'Blazor' in window"));
    }

    [Fact]
    public async Task Keys_move_the_selection_and_panel_and_chain_follow()
    {
        var page = await OpenAsync("/d/ngram");
        var expected = await page.Locator("[data-token]").AllTextContentsAsync();
        await page.GetByTestId("tokens").TakeFocusAsync();
        foreach (var (key, index) in new[] { ("ArrowRight", 1), ("ArrowDown", 2), ("ArrowLeft", 1), ("End", 11), ("ArrowRight", 11), ("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1) })
        {
            await page.Keyboard.PressAsync(key);
            await Expect(page.Locator(".t.sel")).ToHaveAttributeAsync("data-token", $"{index}");
            await Expect(page.GetByTestId("tokens")).ToHaveAttributeAsync("aria-activedescendant", $"r0t{index}");
            await Expect(page.GetByTestId("selected-token")).ToHaveTextAsync(expected[index].Replace(' ', '·'));
        }

        Assert.Equal("?t=2", new Uri(page.Url).Query);
    }

    /// <summary>What the script shows of a token is what the server shows of it: text for text, bar for bar.</summary>
    [Theory]
    [InlineData("ngram", 12)]
    [InlineData("comparison", 8)]
    [InlineData("source", 4)]
    [InlineData("beams", 6)]
    [InlineData("masked-fill", 1)]
    public async Task The_script_shows_what_the_server_shows(string demo, int count)
    {
        const string Read = """
            () => [...document.querySelectorAll('.token-panel, .demo-chain, .demo-column .column-step')].map(part => {
              const read = [...part.querySelectorAll('[data-title], code, dd, th, td, .seg, .u, .trace span, [data-how], [data-entropy]')]
                .map(element => `${element.tagName}.${element.className.trim()}: ${element.textContent.trim()}`);
              return [...read, ...[...part.querySelectorAll('.stage')].map(stage => stage.className)].join('\n');
            })
            """;
        var scripted = await OpenAsync($"/d/{demo}");
        var plain = await OpenAsync($"/d/{demo}", script: false);
        count = Math.Min(count, await scripted.Locator("[data-run]").First.Locator("[data-token]").CountAsync());
        for (var token = 1; token <= count; token++)
        {
            await scripted.Locator(".play [type=range]").FillAsync($"{token}");
            await plain.GotoAsync($"{server.Address}/d/{demo}?t={token}");
            Assert.Equal(await plain.EvaluateAsync<string[]>(Read), await scripted.EvaluateAsync<string[]>(Read));
        }
    }

    [Fact]
    public async Task Space_plays_and_pauses()
    {
        var page = await OpenAsync("/d/ngram");
        await page.GetByTestId("speed").SelectOptionAsync("0.5");
        await page.GetByTestId("tokens").TakeFocusAsync();
        await page.Keyboard.PressAsync(" ");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
        await Expect(page.Locator(".t.sel")).Not.ToHaveAttributeAsync("data-token", "0");
        await page.Keyboard.PressAsync(" ");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true })).ToBeVisibleAsync();
        var shown = Number(await page.Locator(".t.sel").GetAttributeAsync("data-token"));
        Assert.InRange(shown, 1, 10);
        Assert.Equal($"?t={shown + 1}", new Uri(page.Url).Query);
    }

    [Fact]
    public async Task The_strip_selects_where_it_is_clicked()
    {
        var page = await OpenAsync("/d/ngram");
        var box = (await page.Locator(".surprisal").BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(box.X + (box.Width * 8.5f / 12), box.Y + 10);
        await Expect(Title(page)).ToHaveTextAsync("Token 9 of 12");
    }

    [Fact]
    public async Task Without_a_script_the_page_is_whole_and_links_move()
    {
        var page = await OpenAsync("/d/ngram", script: false);
        Assert.Equal(12, await page.Locator("[data-token]").CountAsync());
        Assert.Equal(8, await page.GetByTestId("candidate").CountAsync());
        await Expect(page.GetByTestId("play")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Next token" }).ClickAsync();
        await Expect(Title(page)).ToHaveTextAsync("Token 2 of 12");
    }

    [Fact]
    public async Task A_frame_of_another_origin_leaves_the_page_around_it_alone()
    {
        var page = await OpenAsync("/", go: false);
        var lesson = server.Allowed + "/lesson?page=1#here";
        await page.GotoAsync(lesson);
        var frame = page.FrameLocator("iframe");
        var before = await page.EvaluateAsync<int>("history.length");
        await frame.Locator("[data-token='5']").ClickAsync();
        await Expect(frame.GetByTestId("token-title")).ToHaveTextAsync("Token 6 of 12");
        await Expect(frame.Locator("header.shell")).ToHaveCountAsync(0);
        await Expect(frame.GetByTestId("fork")).ToHaveCountAsync(0);
        Assert.Equal(lesson, page.Url);
        Assert.Equal(before, await page.EvaluateAsync<int>("history.length"));
        Assert.DoesNotContain("t=", page.Frames[1].Url, StringComparison.Ordinal);
        await page.GotoAsync(server.Other);
        await Expect(page.FrameLocator("iframe").GetByTestId("tokens")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_file_opens_from_a_disk_and_asks_for_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "demo.html");
        using var client = new HttpClient();
        await File.WriteAllTextAsync(file, await client.GetStringAsync(server.Address + "/d/ngram.html", TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var page = await OpenAsync("/", go: false);
        var requests = new List<string>();
        var faults = new List<string>();
        page.Request += (_, request) => requests.Add(request.Url);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                faults.Add(message.Text);
        };
        page.PageError += (_, error) => faults.Add(error);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.Locator("[data-token='5']").ClickAsync();
        await Expect(Title(page)).ToHaveTextAsync("Token 6 of 12");
        await Expect(page.Locator(".tokens .t.h3").First).ToHaveCSSAsync("text-decoration-line", "underline");
        Assert.Equal([new Uri(file).AbsoluteUri], requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)));
        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_copy_of_the_request_opens_in_the_playground()
    {
        var page = await OpenAsync("/d/ngram");
        await page.GetByTestId("fork").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Prompt" })).ToHaveValueAsync("Once upon a time");
        Assert.Contains("seed=7", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_demo_runs_nothing_and_stays_in_its_place()
    {
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1", "ngram.json"), TestContext.Current.CancellationToken))!;
        var word = new string('w', 4_000);
        golden["title"] = new string('W', 200);
        golden["description"] = "</script><script>window.hit=1</script><img src=x onerror='window.hit=1'>";
        golden["note"] = new string('n', 20_000);
        golden["models"]![0]!["name"] = word;
        for (var i = 0; i < 40; i++)
            golden["models"]![0]!["token_texts"]![i] = i % 2 == 0 ? "<img src=x onerror='window.hit=1'>" : word;
        golden["runs"]![0]!["rendered_prompt"] = new string('p', 100_000);
        server.Demos.Put("hostile", Encoding.UTF8.GetBytes(golden.ToJsonString()));
        foreach (var width in new[] { 1440, 390 })
        {
            var page = await OpenAsync("/d/hostile", width, 844);
            for (var token = 1; token <= 12; token++)
                await page.Locator(".play [type=range]").FillAsync($"{token}");
            Assert.False(await page.EvaluateAsync<bool>("'hit' in window"));
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    private static ILocator Title(IPage page) => page.GetByTestId("token-title");

    private static int Number(string? text) => int.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool script = true, bool go = true)
    {
        var page = await browser.OpenAsync(server.Address, width, height, scheme, open: false, script: script);
        if (go)
            await GoAsync(page, path);
        return page;
    }

    private Task<IResponse?> GoAsync(IPage page, string path) => page.GotoAsync(server.Address + path);
}
