using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using LmPlayground.Demos;
using LmPlayground.Web.Hosting;
using LmPlayground.Web.Sharing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Web.Tests.Gallery;

/// <summary>What the gallery's address answers: to readers, and to whoever has the administrator's key.</summary>
public sealed class GalleryAnswerTests : IAsyncLifetime
{
    private const string Key = "open sesame";
    private const string Title = "A demo from here";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lmplayground-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All });
    private readonly LogLines _log = new();
    private readonly OwnerSecret _owner = OwnerSecret.Create();
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync() => _app = await StartAsync(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_gallery_stands_whole_in_its_answer_without_a_circuit_and_is_not_indexed()
    {
        using var answer = await _client.GetAsync(Gallery(), Cancelled);
        var html = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("noindex", answer.Headers.GetValues("X-Robots-Tag").Single());
        Assert.Contains("<meta name=\"robots\" content=\"noindex\"", html, StringComparison.Ordinal);
        Assert.Contains("class=\"t h5\"", html, StringComparison.Ordinal);
        Assert.Contains("aria-current=\"page\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("blazor.web.js", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Added here", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_recorded_demo_has_a_page_and_its_files()
    {
        foreach (var demo in new RecordedDemos().All)
        {
            foreach (var form in new[] { "", "/embed", ".html", ".json", ".csv" })
            {
                using var answer = await _client.GetAsync(new Uri(new Uri(_app.Urls.Single()), demo.Path + form), Cancelled);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }

        using var missing = await _client.GetAsync(new Uri(new Uri(_app.Urls.Single()), "/d/gallery-nothing"), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task What_comes_with_the_program_is_not_reported_and_a_stored_demo_is()
    {
        var recorded = new Uri(new Uri(_app.Urls.Single()), new RecordedDemos().All[0].Path);
        Assert.DoesNotContain("report-link", await _client.GetStringAsync(recorded, Cancelled), StringComparison.Ordinal);
        using var form = await _client.GetAsync(new Uri($"{recorded}/report"), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, form.StatusCode);
        var stored = new Uri(new Uri(_app.Urls.Single()), $"/d/{await SaveAsync()}");
        Assert.Contains("report-link", await _client.GetStringAsync(stored, Cancelled), StringComparison.Ordinal);
    }

    /// <summary>With "no-referrer" a browser sends a form with the Origin "null", which is refused as any page's.</summary>
    [Fact]
    public async Task A_gallery_with_a_form_lets_browsers_say_where_the_form_comes_from()
    {
        using var answer = await _client.GetAsync(Gallery(), Cancelled);
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("name=\"referrer\" content=\"same-origin\"", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_adds_a_stored_demo_and_removes_it_and_stands_in_no_log()
    {
        var id = await SaveAsync();
        Assert.Equal(HttpStatusCode.SeeOther, await ChangeAsync($"https://play.example/d/{id}?t=3", Key, "add"));
        var html = await _client.GetStringAsync(Gallery(), Cancelled);
        Assert.Contains($"href=\"/d/{id}\">{Title}<", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, await ChangeAsync($"{id}", Key, "remove"));
        Assert.DoesNotContain(Title, await _client.GetStringAsync(Gallery(), Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, _log.All, StringComparison.Ordinal);
        Assert.DoesNotContain($"{id}", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_demo_is_gone_from_the_gallery_at_once()
    {
        var id = await SaveAsync();
        await ChangeAsync($"{id}", Key, "add");
        Assert.Contains(Title, await _client.GetStringAsync(Gallery(), Cancelled), StringComparison.Ordinal);
        await (await StoreAsync()).RevokeAsync(_owner, id, Cancelled);
        Assert.DoesNotContain(Title, await _client.GetStringAsync(Gallery(), Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("open sesame ", HttpStatusCode.Forbidden, "not the administrator")]
    [InlineData("", HttpStatusCode.Forbidden, "not the administrator")]
    [InlineData(Key, HttpStatusCode.NotFound, "no demo behind this link")]
    public async Task What_is_refused_is_said_beside_the_form_and_changes_nothing(string key, HttpStatusCode status, string words)
    {
        var id = key == Key ? "23456789abcdefghjkmnpqrstu" : $"{await SaveAsync()}";
        using var answer = await PostAsync(id, key, "add");
        var html = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(words, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"" + Key, html, StringComparison.Ordinal);
        Assert.Empty(await (await StoreAsync()).ListGalleryAsync(Cancelled));
    }

    [Fact]
    public async Task Keys_cannot_be_tried_without_end()
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 60; i++)
            answers.Add(await ChangeAsync("x", "guess", "add"));
        Assert.Equal(HttpStatusCode.Forbidden, answers[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    [Fact]
    public async Task Without_a_key_there_is_no_form_and_nothing_changes()
    {
        await _app.DisposeAsync();
        _app = await StartAsync(null);
        Assert.DoesNotContain("<form", await _client.GetStringAsync(Gallery(), Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await ChangeAsync("x", "", "add"));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Uri Gallery() => new(new Uri(_app.Urls.Single()), "/gallery");

    private async Task<HttpResponseMessage> PostAsync(string link, string key, string change)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["link"] = link, ["key"] = key, ["change"] = change });
        return await _client.PostAsync(Gallery(), form, Cancelled);
    }

    private async Task<HttpStatusCode> ChangeAsync(string link, string key, string change)
    {
        using var answer = await PostAsync(link, key, change);
        return answer.StatusCode;
    }

    private Task<IDemoStore> StoreAsync() => _app.Services.GetRequiredService<DemoShelf>().OpenAsync(Cancelled);

    private async Task<DemoId> SaveAsync()
    {
        var document = await File.ReadAllBytesAsync(Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1", "ngram.json"), Cancelled);
        using var packed = new MemoryStream();
        await using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await brotli.WriteAsync(document, Cancelled);
        var demo = new NewDemo { DocumentHash = Hash256.Of(document), Document = packed.ToArray(), Codec = "br", Size = document.Length, Title = Title, Kind = "run" };
        return (await (await StoreAsync()).SaveAsync(_owner, demo, Cancelled)).Id;
    }

    private async Task<WebApplication> StartAsync(string? keyHash)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "LmPlayground.Web", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
        builder.Configuration["Data:Directory"] = _folder.FullName;
        builder.Configuration["Demos:AdminKeySha256"] = keyHash;
        builder.Logging.ClearProviders().AddProvider(_log).SetMinimumLevel(LogLevel.Information);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPlayground(builder.Configuration, []);
        builder.Services.Remove(builder.Services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(ModelWarmup)));
        var app = builder.Build();
        app.UsePlayground();
        await app.StartAsync(Cancelled);
        return app;
    }

    /// <summary>All that was logged.</summary>
    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly StringBuilder _lines = new();

        internal string All
        {
            get
            {
                lock (_lines)
                    return _lines.ToString();
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
        }

        public void Dispose()
        {
        }
    }
}
