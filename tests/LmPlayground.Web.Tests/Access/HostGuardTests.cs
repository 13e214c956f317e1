using LmPlayground.Web.Access;
using Microsoft.AspNetCore.Http;

namespace LmPlayground.Web.Tests.Access;

public class HostGuardTests
{
    [Theory]
    [InlineData("127.0.0.1:5000", null, 200)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000", 200)]
    [InlineData("localhost:5000", "http://LOCALHOST:5000", 200)]
    [InlineData("[::1]:5000", "http://[::1]:5000", 200)]
    [InlineData("localhost", "http://localhost", 200)]
    [InlineData("localhost", "http://localhost:80", 200)]
    [InlineData("evil.example:5000", null, 400)]
    [InlineData("evil.example:5000", "http://evil.example:5000", 400)]
    [InlineData("", null, 400)]
    [InlineData("127.0.0.1:5000", "http://evil.example:5000", 403)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5001", 403)]
    [InlineData("127.0.0.1:5000", "http://localhost:5000", 403)]
    [InlineData("127.0.0.1:5000", "null", 403)]
    [InlineData("127.0.0.1:5000", "", 403)]
    [InlineData("127.0.0.1:5000", "file://", 403)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000@evil.example", 403)]
    [InlineData("127.0.0.1:5000", "http://user@127.0.0.1:5000", 403)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/path", 403)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000.evil.example", 403)]
    public async Task A_foreign_name_gets_400_and_a_foreign_origin_403(string host, string? origin, int status) =>
        Assert.Equal(status, (await AskAsync(null, "/_blazor/negotiate", host, origin)).Status);

    [Fact]
    public async Task A_refused_name_is_told_the_option_and_quoted_at_most_200_characters_long()
    {
        var (status, body) = await AskAsync(null, "/", new string('a', 5_000) + ".example", null);
        Assert.Equal(400, status);
        Assert.Contains("AllowedHosts", body, StringComparison.Ordinal);
        Assert.InRange(body.Length, 1, 500);
    }

    [Fact]
    public async Task The_question_whether_it_is_well_is_answered_under_any_name() =>
        Assert.Equal(200, (await AskAsync(null, "/healthz", "evil.example", "http://elsewhere.example")).Status);

    [Fact]
    public async Task Behind_a_proxy_that_speaks_https_the_origin_is_the_same() =>
        Assert.Equal(200, (await AskAsync("play.example", "/", "play.example", "https://play.example")).Status);

    [Theory]
    [InlineData("https://localhost:5001", 200)]
    [InlineData("http://localhost:5001", 403)]
    public async Task A_page_that_came_without_encryption_is_foreign_to_a_server_with_it(string origin, int status) =>
        Assert.Equal(status, (await AskAsync(null, "/_blazor", "localhost:5001", origin, "https")).Status);

    private static async Task<(int Status, string Body)> AskAsync(string? allowed, string path, string host, string? origin, string scheme = "http")
    {
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        context.Request.Scheme = scheme;
        context.Request.Host = new HostString(host);
        if (origin is not null)
            context.Request.Headers.Origin = origin;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new HostGuard(new HostRules(allowed)).InvokeAsync(context, _ => Task.CompletedTask);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
