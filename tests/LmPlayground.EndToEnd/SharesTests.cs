using System.Net;
using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>What one tab takes of the server, and when it gives it back: a server of its own with little to share.</summary>
[Collection(PlaygroundCollection.Name)]
public sealed class SharesTests : IAsyncLifetime
{
    private readonly PlaygroundServer _server = new()
    {
        Options = new Dictionary<string, string>
        {
            ["Runs__MaxConcurrent"] = "1",
            ["Runs__MaxNewTokens"] = "50000",
            ["Limits__OpenPagesPerClient"] = "2",
        },
    };

    private readonly Browser _browser;

    public SharesTests(Browser browser) => _browser = browser;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_reloaded_tab_keeps_its_run_and_a_closed_one_frees_its_place_at_once()
    {
        // Half a minute of work at least, unless it is ended.
        var first = await _browser.OpenAsync(_server.Address + "/?model=lstm&max_new_tokens=40000&min_new_tokens=40000&prompt=Once");
        await first.Part("generate").ClickAsync();
        await first.HasAtLeastTokensAsync(1);
        await first.ReloadAsync();
        await Expect(first.Part("stop")).ToBeVisibleAsync();
        var second = await _browser.OpenAsync(_server.Address + "/?model=ngram&max_new_tokens=5&prompt=Once");
        await second.Part("generate").ClickAsync();
        await Expect(second.Part("queue")).ToContainTextAsync("waiting for another run to end");
        await Expect(first.Part("stop")).ToBeVisibleAsync();

        await first.CloseAsync(new PageCloseOptions { RunBeforeUnload = false });
        await second.EndedAsync();
        Assert.Equal(5, await second.TokenCountAsync());
    }

    [Fact]
    public async Task A_page_too_many_is_refused_in_words_and_comes_when_another_is_closed()
    {
        using var client = new HttpClient();
        var first = await _browser.OpenAsync(_server.Address + "/");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(_server.Address + "/")).StatusCode);
        var second = await _browser.OpenAsync(_server.Address + "/");
        var refused = await client.GetAsync(_server.Address + "/compare");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("2 from one network address", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(_server.Address + "/healthz")).StatusCode);

        // Those who are there notice nothing.
        await first.SetAsync("max-new-tokens-number", "3");
        await first.GenerateAsync();
        await second.CloseAsync();
        var third = await _browser.OpenAsync("about:blank", open: false);
        await ServedAsync(third);
        await third.ReadyAsync();
    }

    /// <summary>Asks for the page until it is served: when the server sees a tab's end is up to the network.</summary>
    private async Task ServedAsync(IPage page)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await page.GotoAsync(_server.Address + "/"))!.Status == 429)
            limit.Token.ThrowIfCancellationRequested();
    }
}
