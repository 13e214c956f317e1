using System.Net;
using System.Text;
using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>Links that leave the server out: the demo stands in the address, or is encrypted before it is stored.</summary>
public sealed class SealedLinkTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Prompt = "Once upon a time";
    private const string Run = "/?model=transformer&seed=7&max_new_tokens=12&prompt=Once+upon+a+time";

    private readonly string _data = Directory.CreateTempSubdirectory("lm-demos").FullName;
    private PlaygroundServer _server = null!;
    private bool _isStopped;

    public async ValueTask InitializeAsync()
    {
        _server = new PlaygroundServer { Options = new Dictionary<string, string> { ["Data__Directory"] = _data } };
        await _server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
            await _server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task A_link_that_is_the_demo_opens_in_a_fresh_profile_and_nothing_is_stored()
    {
        var page = await browser.OpenAsync(_server.Address + Run.Replace("=12", "=30", StringComparison.Ordinal));
        await page.GenerateAsync();
        var text = await page.GeneratedTextAsync();
        await page.Part("share").ClickAsync();
        await page.Part("share-address-make").ClickAsync();
        await Expect(page.Part("share-address-link")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.Part("share-address-note")).ToContainTextAsync("alternatives at most and the logits are left out");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("It cannot be revoked");
        var link = await page.Part("share-address-link").InputValueAsync();
        Assert.StartsWith(_server.Address + "/d#d1.deflate.", link, StringComparison.Ordinal);
        Assert.InRange(link.Length, 1, 8_192 + 60);
        Assert.Empty(Directory.EnumerateFiles(_data, "*.db", SearchOption.AllDirectories));

        var sockets = 0;
        var other = await browser.OpenAsync("about:blank", open: false);
        other.WebSocket += (_, _) => sockets++;
        await other.GotoAsync(link);
        await Expect(other.Locator("h1")).ToHaveTextAsync(Prompt);
        Assert.Contains(text.Trim(), await other.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, sockets);
        await other.GetByTestId("fork").ClickAsync();
        await Expect(other.GetByRole(AriaRole.Textbox, new() { Name = "Prompt" })).ToHaveValueAsync(Prompt);
    }

    [Fact]
    public async Task A_demo_that_does_not_fit_into_an_address_says_why()
    {
        var page = await browser.OpenAsync(_server.Address + "/?model=transformer&seed=7&max_new_tokens=200&ignore_eos=true&prompt=Once+upon+a+time");
        await page.GenerateAsync();
        await page.Part("share").ClickAsync();
        await page.Part("share-address-make").ClickAsync();
        await Expect(page.Part("share-address-note")).ToContainTextAsync("8,192 characters are the most", new() { Timeout = 60_000 });
        await Expect(page.Part("share-address-link")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_encrypted_demo_opens_with_its_key_alone_and_the_server_has_none_of_its_words()
    {
        var page = await GeneratedAsync();
        var text = await page.GeneratedTextAsync();
        var link = await SealAsync(page);
        var (address, key) = (link[..link.IndexOf('#', StringComparison.Ordinal)], link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..]);
        Assert.Matches("^k1\\.[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(link, await page.GetByRole(AriaRole.Link, new() { Name = "Open it" }).EvaluateAsync<string>("link => link.href"));

        var sent = new List<string>();
        var other = await browser.OpenAsync("about:blank", open: false);
        other.Request += (_, request) => sent.Add($"{request.Url} {request.PostData} {string.Join(' ', request.Headers.Values)}");
        Assert.Equal((int)HttpStatusCode.OK, (await other.GotoAsync(link))!.Status);
        await Expect(other.Locator("h1")).ToHaveTextAsync(Prompt);
        Assert.Contains(text.Trim(), await other.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await other.Locator("[data-token='3']").ClickAsync();
        await Expect(other.GetByTestId("token-title")).ToHaveTextAsync("Token 4 of 12");
        Assert.EndsWith($"?t=4#{key}", other.Url, StringComparison.Ordinal);
        Assert.Contains(sent, request => request.Contains(".bin", StringComparison.Ordinal));
        Assert.DoesNotContain(sent, request => request.Contains(key[3..], StringComparison.Ordinal));

        await RefusedAsync(address, "its key is missing");
        await RefusedAsync(address + "#k1." + key[3..^1] + (key[^1] == 'A' ? 'E' : 'A'), "this is not its key");
        await RefusedAsync(address + "#k1.AAAA", "this is not its key");
        await RefusedAsync(address + "#k2." + key[3..], "written as “k2”");

        using var client = new HttpClient();
        foreach (var form in new[] { ".json", ".csv", ".html", "/embed" })
        {
            using var answer = await client.GetAsync(address + form, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains("This demo is encrypted", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Once upon", await client.GetStringAsync(address, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await _server.DisposeAsync();
        _isStopped = true;
        var stored = Directory.EnumerateFiles(_data, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".door", StringComparison.Ordinal)).Select(File.ReadAllBytes).ToList();
        Assert.Contains(stored, bytes => bytes.AsSpan().IndexOf("aes-gcm"u8) >= 0);
        foreach (var word in new[] { Prompt, "Once", text.Trim()[..8], "transformer", "token_texts", key[3..] })
            Assert.DoesNotContain(stored, bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0);
    }

    [Fact]
    public async Task Two_encryptions_of_one_demo_have_two_links_and_a_revoked_one_is_gone()
    {
        var page = await GeneratedAsync();
        var first = await SealAsync(page);
        await page.Part("share-close").ClickAsync();
        var second = await SealAsync(page);
        Assert.NotEqual(first[..first.IndexOf('#', StringComparison.Ordinal)], second[..second.IndexOf('#', StringComparison.Ordinal)]);

        await page.GotoAsync(_server.Address + "/links");
        await Expect(page.Part("link")).ToHaveCountAsync(2);
        await page.Part("revoke").First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(page.Part("link-over")).ToHaveTextAsync("revoked");
        var other = await browser.OpenAsync("about:blank", open: false);
        var statuses = new List<int>();
        foreach (var link in new[] { first, second })
        {
            await other.GotoAsync("about:blank");
            statuses.Add((await other.GotoAsync(link))!.Status);
        }

        Assert.Equal([200, 410], statuses.Order());
    }

    [Fact]
    public async Task On_a_page_that_is_not_secure_encryption_is_off_and_an_encrypted_demo_says_what_it_takes()
    {
        var page = await GeneratedAsync();
        var link = await SealAsync(page);
        await page.Context.AddInitScriptAsync("Object.defineProperty(window, 'isSecureContext', { value: false });");
        await page.ReloadAsync();
        await page.ReadyAsync();
        await page.GenerateAsync();
        await page.Part("share").ClickAsync();
        await Expect(page.Part("share-encrypt")).ToBeDisabledAsync();
        await Expect(page.Part("share-seal-note")).ToContainTextAsync("over HTTPS");
        await page.GotoAsync(link);
        await Expect(page.Locator("[data-notice]")).ToContainTextAsync("over HTTPS");
    }

    [Theory]
    [InlineData(1440, false)]
    [InlineData(390, true)]
    [InlineData(320, false)]
    public async Task The_dialog_with_every_way_to_share_fits_every_screen_and_everybody(int width, bool dark)
    {
        var page = await browser.OpenAsync(_server.Address + Run, width, scheme: dark ? ColorScheme.Dark : ColorScheme.Light);
        await page.GenerateAsync();
        await SealAsync(page);
        await page.Part("share-address-make").ClickAsync();
        await Expect(page.Part("share-address-link")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"share-{width}.png") });
        Assert.Empty((await page.GetByRole(AriaRole.Dialog).RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        Assert.False(await page.GetByRole(AriaRole.Dialog).EvaluateAsync<bool>("dialog => dialog.scrollWidth > dialog.clientWidth"));
    }

    private async Task<IPage> GeneratedAsync()
    {
        var page = await browser.OpenAsync(_server.Address + Run);
        await page.GenerateAsync();
        return page;
    }

    private static async Task<string> SealAsync(IPage page)
    {
        await page.Part("share").ClickAsync();
        await Expect(page.Part("share-title")).ToHaveValueAsync(Prompt);
        await page.Part("share-encrypt").CheckAsync();
        await Expect(page.Part("share-title")).ToHaveValueAsync("");
        await page.Part("share-make").ClickAsync();
        await Expect(page.Part("share-link")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("#k1\\."), new() { Timeout = 60_000 });
        return await page.Part("share-link").InputValueAsync();
    }

    private async Task RefusedAsync(string link, string words)
    {
        var page = await browser.OpenAsync("about:blank", open: false);
        await page.GotoAsync(link);
        await Expect(page.Locator("[data-notice]")).ToContainTextAsync(words);
        Assert.Equal(0, await page.Locator("main [data-token]").CountAsync());
    }
}
