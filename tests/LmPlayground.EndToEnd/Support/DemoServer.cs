using System.Collections.Concurrent;
using System.IO.Compression;
using LmPlayground.Demos;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Making;
using LmPlayground.Web.Hosting;
using LmPlayground.Web.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LmPlayground.EndToEnd.Support;

/// <summary>The server in this process, with demos that a test puts there: the goldens of the first version, and what else it needs.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lmplayground-");
    private WebApplication _app = null!;
    private WebApplication _allowed = null!;
    private WebApplication _other = null!;

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>The address of a page of another origin with a demo in a frame, which the operator allows.</summary>
    public string Allowed => _allowed.Urls.Single();

    /// <summary>The same of an origin that nobody named.</summary>
    public string Other => _other.Urls.Single();

    /// <summary>Folders of models besides those that come with the program.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    internal FakeDemos Demos { get; } = new();

    /// <summary>Which models have been read into memory.</summary>
    internal IEnumerable<string> Loaded => _app.Services.GetRequiredService<IModelList>().Entries.Where(entry => entry.State == ModelState.Ready).Select(entry => entry.Id);

    internal DemoRenderings Renderings => _app.Services.GetRequiredService<DemoRenderings>();

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1"), "*.json"))
            Demos.Put(Path.GetFileNameWithoutExtension(file), await File.ReadAllBytesAsync(file));
        (_allowed, _other) = (await FrameAsync(), await FrameAsync());
        var web = Path.GetDirectoryName(PlaygroundProgram.Path)!;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "LmPlayground.Web", ContentRootPath = web, EnvironmentName = "Production" });
        builder.Configuration["Data:Directory"] = _folder.FullName;
        builder.Configuration["Demos:EmbedAncestors:0"] = "https://school.example";
        builder.Configuration["Demos:EmbedAncestors:1"] = Allowed;
        builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = Path.Combine(web, "LmPlayground.Web.staticwebassets.runtime.json");
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.UseStaticWebAssets();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IDemoSource>(Demos);
        builder.Services.AddPlayground(builder.Configuration, Models);
        builder.Services.Remove(builder.Services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(ModelWarmup)));
        _app = builder.Build();
        _app.UsePlayground();
        await _app.StartAsync();
    }

    /// <summary>Runs what is asked for on this server and puts its demo there.</summary>
    /// <returns>Its document.</returns>
    internal async Task<byte[]> RecordAsync(string id, RunRequest request)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var run = scope.ServiceProvider.GetRequiredService<IRunManager>().StartRun("recording", request);
        await run.Job.Completion.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        Assert.Null(run.Job.Snapshot.Error);
        var demo = await _app.Services.GetRequiredService<DemoMaker>().MakeAsync(
            run.Job.Snapshot.Detail, run.Review, new DemoWords(id), cancellationToken: TestContext.Current.CancellationToken);
        var document = DemoJson.Write(demo);
        Demos.Put(id, document);
        return document;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _allowed.DisposeAsync();
        await _other.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<WebApplication> FrameAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("{**path}", () => Results.Content($"<!DOCTYPE html><title>Lesson</title><iframe width=1000 height=800 src='{Address}/d/ngram/embed'></iframe>", "text/html"));
        await app.StartAsync();
        return app;
    }
}

/// <summary>Demos in memory.</summary>
internal sealed class FakeDemos : IDemoSource
{
    private readonly ConcurrentDictionary<string, DemoFinding> _demos = [];
    private int _asked;

    /// <summary>How often one was looked for.</summary>
    internal int Asked => _asked;

    /// <summary>What was reported.</summary>
    internal ConcurrentQueue<(string Id, string Text)> Reports { get; } = [];

    internal void Put(string id, byte[] document)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
            brotli.Write(document);
        Set(id, new DemoFinding(DemoPresence.Found) { Title = id, Document = packed.ToArray() });
    }

    internal void Set(string id, DemoFinding finding) => _demos[id] = finding;

    public Task<DemoState?> StateAsync(string id, CancellationToken cancellationToken) => Task.FromResult(
        _demos.GetValueOrDefault(id) is { Presence: DemoPresence.Found } found ? new DemoState(found.Title, found.Expires) : null);

    public Task<DemoFinding> FindAsync(string id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return Task.FromResult(_demos.GetValueOrDefault(id) ?? new DemoFinding(DemoPresence.Unknown));
    }

    public Task<bool> ReportAsync(string id, string text, CancellationToken cancellationToken)
    {
        if (_demos.GetValueOrDefault(id) is not { Presence: DemoPresence.Found })
            return Task.FromResult(false);
        Reports.Enqueue((id, text));
        return Task.FromResult(true);
    }
}
