using LmPlayground.EndToEnd.Support;
using LmPlayground.Models.Tests.Hub;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>What asks before it acts, and what only tells: by keyboard, and without standing in the way.</summary>
[Collection(PlaygroundCollection.Name)]
public sealed class DialogTests(PlaygroundServer server, Browser browser) : IAsyncLifetime
{
    private readonly string _cache = Directory.CreateTempSubdirectory("lm-hub").FullName;
    private readonly TaskCompletionSource _going = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeHub _hub = null!;
    private PlaygroundServer _own = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        _own = new PlaygroundServer { Options = new Dictionary<string, string> { ["HF_ENDPOINT"] = _hub.Address.ToString(), ["HF_HUB_CACHE"] = _cache } };
        await _own.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _going.TrySetResult();
        await _own.DisposeAsync();
        await _hub.DisposeAsync();
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public async Task A_download_asks_before_it_ends_in_a_dialog_that_keeps_the_focus_and_gives_it_back()
    {
        var page = await DownloadAsync();
        var cancel = page.Part("cancel");
        await cancel.TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Cancel the download of org/nice?");
        await Expect(dialog).ToContainTextAsync("They stay on the disk");
        await Expect(page.Locator("[role=dialog] :focus, [role=dialog]:focus")).ToHaveCountAsync(1);
        for (var i = 0; i < 6; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            await Expect(page.Locator(".mud-dialog-container :focus")).ToHaveCountAsync(1);
        }

        // Escape is a no.
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(cancel).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel it" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(cancel).ToHaveCountAsync(0);
        await Expect(page.Locator("body:focus")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_download_that_ends_while_another_page_is_read_is_told_of_there_politely()
    {
        var page = await DownloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Playground", Exact = true }).ClickAsync();
        await page.ReadyAsync();
        _going.SetResult();
        var told = page.Locator(".mud-snackbar");
        await Expect(told).ToContainTextAsync("org/nice (q4) has come. It can be used.", new() { Timeout = 20_000 });
        await ExpectPoliteAsync(told);
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task A_model_that_has_left_memory_is_told_of_without_covering_a_control(int width, int height)
    {
        var page = await browser.OpenAsync(server.Address + "/?model=lstm&max_new_tokens=2&prompt=Once", width, height);
        await page.GenerateAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Models" }).ClickAsync();
        var row = page.Part("row-lstm");
        await row.GetByTestId("unload").ClickAsync();
        var told = page.Locator(".mud-snackbar");
        await Expect(told).ToContainTextAsync("is out of memory");
        await ExpectPoliteAsync(told);
        await page.GetByRole(AriaRole.Link, new() { Name = "Playground", Exact = true }).ClickAsync();
        await page.ReadyAsync();
        await Expect(told).ToBeVisibleAsync();
        Assert.Equal("", await page.EvaluateAsync<string>(
            """
            () => {
              const box = document.querySelector('.mud-snackbar').getBoundingClientRect();
              return [...document.querySelectorAll('main button, main input, main textarea, main a')].filter(e => e.checkVisibility({ visibilityProperty: true }))
                .filter(e => (b => b.left < box.right && b.right > box.left && b.top < box.bottom && b.bottom > box.top)(e.getBoundingClientRect()))
                .filter(e => getComputedStyle(e.closest('section') ?? e).position !== 'fixed').map(e => e.dataset.testid ?? e.textContent).join(', ');
            }
            """));
        await told.GetByRole(AriaRole.Button).TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(told).ToHaveCountAsync(0);
    }

    /// <summary>A download of which half has come, and no more until the test says so.</summary>
    private async Task<IPage> DownloadAsync()
    {
        for (var i = 0; i < 2; i++)
            _hub.InsteadOfContent.Enqueue(GiveHalfAsync);
        var page = await browser.OpenAsync(_own.Address + "/models", open: false);
        await page.GotoAsync(_own.Address + "/models");
        await Expect(page.Part("hub-words")).ToBeEnabledAsync();
        await page.Part("hub-words").FillAsync("org/nice");
        await page.Part("hub-search").ClickAsync();
        await page.Part("choose").ClickAsync();
        await page.Part("download").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        return page;
    }

    private async Task GiveHalfAsync(HttpContext context, byte[] bytes)
    {
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await _going.Task.WaitAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(bytes.AsMemory(bytes.Length / 2), context.RequestAborted);
    }

    /// <summary>Its own aria-live outweighs what its role would say.</summary>
    private static Task ExpectPoliteAsync(ILocator told) => Expect(told).ToHaveAttributeAsync("aria-live", "polite");
}
