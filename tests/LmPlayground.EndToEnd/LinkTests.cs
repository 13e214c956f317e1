using System.Net;
using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A link is made, opened by somebody else, looked after, and taken back.</summary>
public sealed class LinkTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("lm-demos").FullName;
    private PlaygroundServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = new PlaygroundServer { Options = new Dictionary<string, string> { ["Data__Directory"] = _data } };
        await _server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task A_link_shows_the_same_tokens_to_somebody_else_without_a_socket_until_it_is_revoked()
    {
        var page = await browser.OpenAsync(_server.Address + "/?model=transformer&seed=7&max_new_tokens=24&prompt=Once+upon+a+time");
        await Expect(page.Part("share")).ToBeDisabledAsync();
        await page.GenerateAsync();
        var text = await page.GeneratedTextAsync();
        var link = await ShareAsync(page);

        var sockets = 0;
        var other = await browser.OpenAsync("about:blank", open: false);
        other.WebSocket += (_, _) => sockets++;
        Assert.Equal((int)HttpStatusCode.OK, (await other.GotoAsync(link))!.Status);
        await Expect(other.Locator("h1")).ToHaveTextAsync("Once upon a time");
        Assert.Contains(text.Trim(), await other.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await other.Keyboard.PressAsync("ArrowRight");
        Assert.Equal(0, sockets);

        await page.GotoAsync(_server.Address + "/links");
        await Expect(page.Part("link")).ToHaveCountAsync(1);
        await page.Part("revoke").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(page.Part("link-over")).ToHaveTextAsync("revoked");
        Assert.Equal((int)HttpStatusCode.Gone, (await other.GotoAsync(link))!.Status);
        await Expect(other.Locator("body")).ToContainTextAsync("Once upon a time");
    }

    [Fact]
    public async Task The_same_work_has_the_same_link_and_a_renamed_one_shows_its_new_title()
    {
        var page = await browser.OpenAsync(_server.Address + "/?model=ngram&seed=3&max_new_tokens=8&prompt=One+day");
        await page.GenerateAsync();
        var link = await ShareAsync(page);
        await page.Part("share-close").ClickAsync();
        Assert.Equal(link, await ShareAsync(page));

        await page.GotoAsync(_server.Address + "/links");
        await page.Part("link-title").FillAsync("An n-gram's day");
        await page.Part("link-title").PressAsync("Enter");
        await page.ReloadAsync();
        await Expect(page.Part("link-title")).ToHaveValueAsync("An n-gram's day");
    }

    [Fact]
    public async Task A_comparison_has_a_link_too()
    {
        var page = await browser.OpenAsync(_server.Address + "/compare?seed=5&max_new_tokens=8&prompt=One+day&column=&column=temperature%3D1.4");
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("share")).ToBeEnabledAsync();
        var link = await ShareAsync(page);
        using var client = new HttpClient();
        Assert.Contains("\"kind\":\"comparison\"", await client.GetStringAsync(link + ".json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_edit_link_lets_another_browser_look_after_the_links_and_leaves_the_address()
    {
        var page = await browser.OpenAsync(_server.Address + "/?model=ngram&seed=4&max_new_tokens=4&prompt=One+day");
        await page.GenerateAsync();
        await ShareAsync(page);
        await page.GotoAsync(_server.Address + "/links");
        await page.Part("carry").Locator("summary").ClickAsync();
        var secret = await page.Part("edit-link").InputValueAsync();

        var other = await browser.OpenAsync(_server.Address + "/links", open: false);
        await other.GotoAsync(_server.Address + "/links");
        await Expect(other.Part("links-none")).ToBeVisibleAsync();
        await other.GotoAsync("about:blank");
        await other.GotoAsync(secret);
        await Expect(other.Part("link")).ToHaveCountAsync(1);
        Assert.DoesNotContain("owner", other.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_says_why_it_keeps_nothing()
    {
        var page = await browser.OpenAsync(_server.Address + "/?model=ngram&seed=4&max_new_tokens=4&prompt=One+day");
        await page.GenerateAsync();
        await ShareAsync(page);
        await using var second = new PlaygroundServer { Options = new Dictionary<string, string> { ["Data__Directory"] = _data } };
        await second.InitializeAsync();
        var other = await browser.OpenAsync(second.Address + "/?model=ngram&seed=4&max_new_tokens=4&prompt=One+day");
        await other.GenerateAsync();
        await other.Part("share").ClickAsync();
        await other.Part("share-make").ClickAsync();
        await Expect(other.Part("share-error")).ToContainTextAsync("another");
    }

    [Fact]
    public async Task A_link_that_the_operator_ended_is_told_apart_from_one_that_its_owner_revoked()
    {
        var page = await browser.OpenAsync(_server.Address + "/?model=ngram&seed=4&max_new_tokens=4&prompt=One+day");
        await page.GenerateAsync();
        var link = await ShareAsync(page);
        var killed = await DemoCommands.RunAsync(_data, "kill", link);
        Assert.Equal((0, ""), (killed.ExitCode, killed.Error));
        await page.GotoAsync(_server.Address + "/links");
        await Expect(page.Part("link-over")).ToHaveTextAsync("ended by the operator of this server");
        await Expect(page.Part("link-title")).ToHaveAttributeAsync("readonly", "");
        Assert.Equal((int)HttpStatusCode.Gone, (await page.GotoAsync(link))!.Status);
        await Expect(page.Part("demo-notice")).ToContainTextAsync("The operator of this server has ended this demo.");
    }

    [Theory]
    [InlineData(1440, false)]
    [InlineData(390, true)]
    [InlineData(320, false)]
    public async Task The_dialog_and_the_list_of_links_fit_every_screen_and_everybody(int width, bool dark)
    {
        var page = await browser.OpenAsync(_server.Address + "/?model=ngram&seed=4&max_new_tokens=4&prompt=One+day", width, scheme: dark ? ColorScheme.Dark : ColorScheme.Light);
        await page.GenerateAsync();
        await ShareAsync(page);
        Assert.Empty((await page.GetByRole(AriaRole.Dialog).RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        await page.GotoAsync(_server.Address + "/links");
        await Expect(page.Part("link")).ToBeVisibleAsync();
        await page.Part("carry").Locator("summary").ClickAsync();
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"));
    }

    private static async Task<string> ShareAsync(IPage page)
    {
        await page.Part("share").ClickAsync();
        await page.Part("share-make").ClickAsync();
        await Expect(page.Part("share-link")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        return await page.Part("share-link").InputValueAsync();
    }
}
