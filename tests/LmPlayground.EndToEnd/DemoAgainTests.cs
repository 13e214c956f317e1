using System.Net;
using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using LmPlayground.Runs;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Viewing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A shared demo is run again, and tried under other settings, in a browser.</summary>
public sealed class DemoAgainTests(DemoServer server, Browser browser) : IClassFixture<DemoServer>, IClassFixture<Browser>, IDisposable
{
    private readonly TemporaryFolder _here = new();
    private readonly TemporaryFolder _other = new();

    public void Dispose()
    {
        _here.Dispose();
        _other.Dispose();
    }

    /// <summary>Three servers: where it was made, the same without anything in its cache, and one whose model of that name is another.</summary>
    [Fact]
    public async Task Run_again_says_the_same_alone_as_a_row_of_eight_warm_and_cold_and_differs_with_another_model_of_that_name()
    {
        byte[] document;
        await using (var made = await StartAsync(_here, "transformer"))
        {
            document = await made.RecordAsync("mine", Request("tale"));
            var page = await OpenAsync(made.Address, "/d/mine");
            await page.Part("again").ClickAsync();
            foreach (var way in new[] { "alone", "as-row", "alone" })
            {
                await RunAsync(page, way);
                await Expect(page.Part("whole")).ToContainTextAsync(way == "as-row" ? "The same, as one row of eight" : "The same: it reproduces");
                await Expect(page.Part("verdict-r0")).ToContainTextAsync("All 24 tokens are the same");
                await Expect(page.Part("causes")).ToHaveCountAsync(0);
            }
        }

        await using (var cold = await StartAsync(_here, "transformer"))
        {
            cold.Demos.Put("mine", document);
            var page = await OpenAsync(cold.Address, "/d/mine/again");
            await RunAsync(page, "as-row");
            await Expect(page.Part("whole")).ToContainTextAsync("The same, as one row of eight");
        }

        await using var other = await StartAsync(_other, "instruct");
        other.Demos.Put("mine", document);
        var differs = await OpenAsync(other.Address, "/d/mine/again");
        await RunAsync(differs, "alone");
        await Expect(differs.Part("whole")).ToHaveTextAsync("Different: it does not reproduce");
        await Expect(differs.Part("verdict-r0")).ToContainTextAsync("The first token that differs is token");
        await Expect(differs.Part("side-demo").GetByTestId("candidate")).Not.ToHaveCountAsync(0);
        await Expect(differs.Part("side-here").GetByTestId("candidate")).Not.ToHaveCountAsync(0);
        await Expect(differs.Part("causes")).ToContainTextAsync("hash of their contents");
        await AssertFitsAsync(differs, "again-differs");
        await differs.SetViewportSizeAsync(320, 640);
        await AssertFitsAsync(differs, "again-differs-320");
    }

    [Fact]
    public async Task A_model_that_is_not_here_is_named_and_what_if_works_without_it()
    {
        byte[] document;
        await using (var made = await StartAsync(_here, "ngram"))
            document = await made.RecordAsync("mine", Request("tale"));
        server.Demos.Put("lost", document);
        var page = await OpenAsync(server.Address, "/d/lost/again");
        await Expect(page.Part("model-missing")).ToContainTextAsync("tale");
        await Expect(page.Part("model-missing").GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", "/models");
        await RunAsync(page, "alone");
        await Expect(page.Part("whole")).ToHaveTextAsync("It could not be run again");
        await Expect(page.Part("verdict-r0")).ToContainTextAsync("is not on this server");

        await page.Part("back").ClickAsync();
        await page.Part("try").ClickAsync();
        await Expect(page.Part("stage-temperature-number")).ToBeEnabledAsync();
        await Expect(page.Locator("token-chunk").First).Not.ToHaveAttributeAsync("data-marks", new System.Text.RegularExpressions.Regex("."));
        await page.SetAsync("stage-temperature-number", "0.1");
        await Expect(page.Part("what-if")).ToContainTextAsync("Of 24 tokens");
        await Expect(page.Locator("token-chunk").First).ToHaveAttributeAsync("data-marks", new System.Text.RegularExpressions.Regex("[xd]"));
        await page.Part("as-recorded").ClickAsync();
        await Expect(page.Part("certainty")).ToHaveTextAsync("As the demo recorded it.");
        Assert.DoesNotContain("tale", server.Loaded);
    }

    [Fact]
    public async Task The_keyboard_alone_runs_a_demo_again_and_tries_other_settings()
    {
        var page = await OpenAsync(server.Address, "/d/ngram");
        await page.Part("again").TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Part("start")).ToBeEnabledAsync();
        await page.Part("alone").TakeFocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Part("as-row")).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Part("whole")).ToContainTextAsync("The same, as one row of eight", new() { Timeout = 60_000 });

        await page.GotoAsync(server.Address + "/d/ngram/what-if");
        await Expect(page.Part("stage-temperature-number")).ToBeEnabledAsync();
        await page.Part("tokens").TakeFocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Part("token-title")).ToHaveTextAsync("Token 2 of 12");
        await page.Part("stage-temperature-slider").TakeFocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Expect(page.Part("what-if")).ToContainTextAsync("Of 12 tokens");
        await Expect(page.Part("token-title")).ToHaveTextAsync("Token 2 of 12");
    }

    [Theory]
    [InlineData("again")]
    [InlineData("what-if")]
    public async Task A_demo_that_is_not_there_answers_as_its_page_does(string form)
    {
        using var client = new HttpClient();
        foreach (var (presence, status, words) in new[]
        {
            (DemoPresence.Unknown, HttpStatusCode.NotFound, "no demo at this address"),
            (DemoPresence.Expired, HttpStatusCode.Gone, "that time is over"),
            (DemoPresence.Revoked, HttpStatusCode.Gone, "taken it back"),
        })
        {
            server.Demos.Set("gone", new DemoFinding(presence) { Title = "The lost story" });
            using var answer = await client.GetAsync($"{server.Address}/d/gone/{form}", TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("noindex", answer.Headers.GetValues("X-Robots-Tag").Single());
            Assert.Contains(words, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        server.Demos.Put("broken", "not json"u8.ToArray());
        using var broken = await client.GetAsync($"{server.Address}/d/broken/{form}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, broken.StatusCode);
        Assert.Contains("This demo cannot be opened.", await broken.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var there = await client.GetAsync($"{server.Address}/d/ngram/{form}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(1024, 768, ColorScheme.Light)]
    [InlineData(768, 1024, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    [InlineData(320, 640, ColorScheme.Light)]
    public async Task The_pages_are_accessible_and_do_not_overflow(int width, int height, ColorScheme scheme)
    {
        foreach (var demo in new[] { "ngram", "comparison", "masked-fill", "beams" })
        {
            var page = await OpenAsync(server.Address, $"/d/{demo}/what-if", width, height, scheme);
            await Expect(page.Locator("#stage-temperature-number, [data-testid=stage-temperature-number]")).ToBeEnabledAsync();
            if (width < 760)
                await page.Part("open-sampler").ClickAsync();
            await page.SetAsync("stage-temperature-number", "0.7");
            await Expect(page.Part("what-if")).ToContainTextAsync("would be the same");
            await AssertFitsAsync(page, $"what-if-{demo}-{width}-{scheme}");
        }

        var again = await OpenAsync(server.Address, "/d/comparison/again", width, height, scheme);
        await Expect(again.Part("start")).ToBeEnabledAsync();
        await AssertFitsAsync(again, $"again-{width}-{scheme}");
    }

    [Fact]
    public async Task A_branch_is_shown_by_its_link_and_the_script_stays_on_it()
    {
        var golden = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1", "ngram.json"), TestContext.Current.CancellationToken))!;
        var branch = golden["runs"]![0]!.DeepClone();
        (branch["id"], branch["parent"], branch["position"]) = ("r1", "r0", 5);
        golden["runs"]!.AsArray().Add(branch);
        server.Demos.Put("branched", System.Text.Encoding.UTF8.GetBytes(golden.ToJsonString()));
        foreach (var script in new[] { false, true })
        {
            var page = await OpenAsync(server.Address, "/d/branched", script: script);
            await page.Part("branch").GetByRole(AriaRole.Link).ClickAsync();
            await Expect(page.Part("branch").GetByRole(AriaRole.Link)).ToHaveAttributeAsync("aria-current", "true");
            await page.Locator("[data-move='1']").ClickAsync();
            await Expect(page.Part("token-title")).ToHaveTextAsync("Token 2 of 12");
            Assert.Equal("?run=1&t=2", new Uri(page.Url).Query);
            await Expect(page.Part("branch").GetByRole(AriaRole.Link)).ToHaveAttributeAsync("aria-current", "true");
        }
    }

    private static async Task<DemoServer> StartAsync(TemporaryFolder folder, string model)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder.Path, "tale"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestFiles.EmbeddedModels, model)))
            File.Copy(file, Path.Combine(place.FullName, Path.GetFileName(file)), overwrite: true);
        var started = new DemoServer { Models = [folder.Path] };
        await started.InitializeAsync();
        return started;
    }

    private static RunRequest Request(string model) => new()
    {
        Model = model,
        Prompt = "Once upon a time",
        Seed = 7,
        Chat = false,
        Stopping = new StoppingOptions { MaxNewTokens = 24, StopAtEndOfSequence = false },
    };

    private static async Task RunAsync(IPage page, string way)
    {
        await Expect(page.Part("start")).ToBeEnabledAsync(new() { Timeout = 60_000 });
        await page.Part(way).CheckAsync();
        await page.Part("start").ClickAsync();
        await Expect(page.Part("start")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.Part("whole")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    /// <summary>With LMPLAYGROUND_SCREENSHOTS set the pictures are kept in that folder.</summary>
    private static async Task AssertFitsAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"), name);
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{name} {violation.Id}: {violation.Nodes[0].Html}"));
    }

    private async Task<IPage> OpenAsync(
        string address, string path, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool script = true)
    {
        var page = await browser.OpenAsync(address, width, height, scheme, open: false, script: script);
        await page.GotoAsync(address + path);
        return page;
    }
}
