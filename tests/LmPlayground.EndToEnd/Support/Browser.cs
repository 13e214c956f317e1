using Microsoft.Playwright;

namespace LmPlayground.EndToEnd.Support;

/// <summary>An installed Chromium, started once for all browser tests.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

    private readonly List<IBrowserContext> _people = [];
    private string? _test;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (FindExecutable() is not { } executable)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>A new person's page: cookies and storage of its own. Skips the test where no browser is installed.</summary>
    public async Task<IPage> OpenAsync(string address, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool open = true, bool script = true)
    {
        Assert.SkipWhen(
            _browser is null,
            "No Chromium was found. Install one to run the browser tests: apt-get install chromium, or set CHROME_PATH to its program.");
        await CloseEarlierAsync();
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = script,
        });
        _people.Add(context);
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        if (open)
        {
            await page.GotoAsync(address);
            await page.ReadyAsync();
        }

        return page;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Closes the pages of the tests before: hundreds of open ones slow every later test down.</summary>
    private async Task CloseEarlierAsync()
    {
        var test = TestContext.Current.Test?.UniqueID;
        if (test == _test)
            return;
        _test = test;
        foreach (var context in _people)
            await context.CloseAsync();
        _people.Clear();
    }

    private static string? FindExecutable()
    {
        if (Environment.GetEnvironmentVariable("CHROME_PATH") is { Length: > 0 } given)
            return given;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append("/Applications/Google Chrome.app/Contents/MacOS")
            .Append(@"C:\Program Files\Google\Chrome\Application")
            .Append(@"C:\Program Files (x86)\Microsoft\Edge\Application");
        var suffixes = OperatingSystem.IsWindows() ? [".exe"] : new[] { "" };
        return folders
            .SelectMany(folder => Names.Append("Google Chrome").SelectMany(name => suffixes.Select(suffix => Path.Combine(folder, name + suffix))))
            .FirstOrDefault(File.Exists);
    }
}

/// <summary>One server and one browser for all tests of the collection.</summary>
[CollectionDefinition(Name)]
public sealed class PlaygroundCollection : ICollectionFixture<PlaygroundServer>, ICollectionFixture<Browser>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "playground in a browser";
}
