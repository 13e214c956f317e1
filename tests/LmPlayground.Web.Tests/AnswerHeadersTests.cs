using System.Net;
using LmPlayground.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Web.Tests;

/// <summary>Every answer of the server carries the security headers, whoever in it answers.</summary>
public sealed class AnswerHeadersTests : IAsyncLifetime
{
    private static readonly string[] Names =
        ["Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lmplayground-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "LmPlayground.Web", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
        builder.Configuration["Data:Directory"] = _folder.FullName;
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddPlayground(builder.Configuration, []);
        builder.Services.Remove(builder.Services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(ModelWarmup)));
        _app = builder.Build();
        _app.UsePlayground();
        _app.MapGet("/failing", string () => throw new InvalidOperationException("a secret"));
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("GET", "/healthz", null, null, 200)]
    [InlineData("GET", "/", null, null, 200)]
    [InlineData("GET", "/", "evil.example", null, 400)]
    [InlineData("POST", "/_blazor/negotiate", "evil.example", null, 400)]
    [InlineData("GET", "/", null, "http://evil.example", 403)]
    [InlineData("GET", "/_blazor", null, "null", 403)]
    [InlineData("GET", "/missing", null, null, 404)]
    [InlineData("GET", "/css/missing.css", null, null, 404)]
    [InlineData("DELETE", "/", null, null, 405)]
    [InlineData("PUT", "/models", null, null, 405)]
    [InlineData("GET", "/failing", null, null, 500)]
    public async Task Every_answer_carries_the_headers(string method, string path, string? host, string? origin, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(new Uri(_app.Urls.Single()), path));
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.All(Names, name => Assert.Single(answer.Headers.GetValues(name)));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
