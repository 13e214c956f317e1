using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LmPlayground.Models.Hub;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Models.Tests.Hub;

/// <summary>A hub with one repository, and the other host to which it sends whoever wants a large file. It misbehaves on demand.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Commit = "00112233445566778899aabbccddeeff00112233";

    private readonly WebApplication _hub;
    private readonly WebApplication _content;
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _small = new(StringComparer.Ordinal);

    private FakeHub()
    {
        _hub = Create(AnswerAsync);
        _content = Create(GiveAsync);
    }

    /// <summary>Answers in place of the hub while there is one; true when it has answered.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Instead { get; } = [];

    /// <summary>Answers in place of the host of large files; gets what it would have sent.</summary>
    public ConcurrentQueue<Func<HttpContext, byte[], Task>> InsteadOfContent { get; } = [];

    /// <summary>Every request: its path, its Range and its Authorization.</summary>
    public ConcurrentQueue<(string Path, string? Range, string? Authorization)> Requests { get; } = [];

    /// <summary>The same of the other host.</summary>
    public ConcurrentQueue<(string Path, string? Range, string? Authorization)> ContentRequests { get; } = [];

    public Uri Address { get; private set; } = null!;

    public static HubRepositoryId Id { get; } = HubRepositoryId.Parse("org/nice");

    private Uri ContentAddress { get; set; } = null!;

    public static async Task<FakeHub> StartAsync()
    {
        var hub = new FakeHub();
        await hub._hub.StartAsync(TestContext.Current.CancellationToken);
        await hub._content.StartAsync(TestContext.Current.CancellationToken);
        hub.Address = AddressOf(hub._hub);
        hub.ContentAddress = AddressOf(hub._content);
        hub.Add("config.json", "{}"u8.ToArray());
        hub.Add("tokenizer.json", "{\"model\": 1}"u8.ToArray());
        hub.Add("README.md", "---\nlicense: mit\n---\n"u8.ToArray());
        hub.Add("pytorch_model.bin", new byte[10], isLarge: true);
        hub.Add("onnx/model_q4.onnx", Bytes(5_000, 1), isLarge: true);
        hub.Add("onnx/model_q4.onnx_data", Bytes(300_000, 2), isLarge: true);
        hub.Add("onnx/model.onnx", Bytes(900_000, 3), isLarge: true);
        return hub;
    }

    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public void Add(string path, byte[] content, bool isLarge = false)
    {
        _files[path] = content;
        if (!isLarge)
            _small.Add(path);
    }

    public byte[] this[string path] => _files[path];

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _content.DisposeAsync();
    }

    /// <summary>Answers with a status and, if need be, a header.</summary>
    public static Func<HttpContext, Task> Status(int status, string? header = null, string? value = null) => context =>
    {
        context.Response.StatusCode = status;
        if (header is not null)
            context.Response.Headers[header] = value;
        return Task.CompletedTask;
    };

    /// <summary>Sends the first bytes and cuts the connection.</summary>
    public static Func<HttpContext, byte[], Task> CutAfter(int bytes) => async (context, content) =>
    {
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content.AsMemory(0, bytes));
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private static WebApplication Create(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        return app;
    }

    private static (string, string?, string?) Note(HttpContext context) =>
        (context.Request.Path + context.Request.QueryString, Header(context, "Range"), Header(context, "Authorization"));

    private static string? Header(HttpContext context, string name) => context.Request.Headers[name] is [var value, ..] ? value : null;

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(Note(context));
        if (Instead.TryDequeue(out var other))
        {
            await other(context);
            return;
        }

        var path = context.Request.Path.Value!;
        var resolve = $"/{Id}/resolve/{Commit}/";
        if (path == $"/api/models/{Id}/revision/main")
        {
            await context.Response.WriteAsync(Describe().ToJsonString());
        }
        else if (path == "/api/models")
        {
            await context.Response.WriteAsync("""[{"id": "org/nice", "downloads": 12, "tags": ["onnx", "license:mit"]}, {"id": "org/other"}]""");
        }
        else if (!path.StartsWith(resolve, StringComparison.Ordinal) || !_files.ContainsKey(path[resolve.Length..]))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (_small.Contains(path[resolve.Length..]))
        {
            await SendAsync(context, _files[path[resolve.Length..]]);
        }
        else
        {
            context.Response.Redirect(new Uri(ContentAddress, path[resolve.Length..] + "?signature=x").AbsoluteUri);
        }
    }

    private async Task GiveAsync(HttpContext context)
    {
        ContentRequests.Enqueue(Note(context));
        var content = _files[context.Request.Path.Value![1..]];
        if (InsteadOfContent.TryDequeue(out var other))
            await other(context, content);
        else
            await SendAsync(context, content);
    }

    private static async Task SendAsync(HttpContext context, byte[] content)
    {
        var first = 0;
        if (Header(context, "Range") is { } range)
        {
            first = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {first}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - first;
        await context.Response.Body.WriteAsync(content.AsMemory(first));
    }

    private JsonObject Describe()
    {
        var siblings = new JsonArray();
        foreach (var (path, content) in _files)
        {
            var file = new JsonObject { ["rfilename"] = path, ["size"] = content.Length, ["blobId"] = Git(content) };
            if (!_small.Contains(path))
                file["lfs"] = new JsonObject { ["sha256"] = Sha256(content), ["size"] = content.Length, ["pointerSize"] = 130 };
            siblings.Add(file);
        }

        return new JsonObject
        {
            ["id"] = Id.ToString(),
            ["sha"] = Commit,
            ["gated"] = false,
            ["cardData"] = new JsonObject { ["license"] = "mit" },
            ["siblings"] = siblings,
        };
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

#pragma warning disable CA5350 // Git's own name for a file.
    private static string Git(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
}
