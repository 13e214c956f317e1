using System.Net;
using LmPlayground.Web.Access;
using LmPlayground.Web.Configuration;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Web.Tests.Access;

public sealed class LimitGuardTests : IDisposable
{
    private const string Home = "192.0.2.1";
    private const string Elsewhere = "192.0.2.2";

    private ClientLimiter _limiter = null!;
    private LimitGuard _guard = null!;

    public LimitGuardTests() => Limit(new LimitOptions { OpenPages = 3, OpenPagesPerClient = 2, PageBurstPerClient = 20 });

    public void Dispose() => _limiter.Dispose();

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2::9", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:3::9", "2001:db8:1:3::")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("::1", "localhost")]
    [InlineData("::ffff:127.0.0.2", "localhost")]
    [InlineData(null, "localhost")]
    public void A_client_is_its_address_or_the_network_that_it_has_to_itself(string? address, string client) =>
        Assert.Equal(client, ClientName.Of(address is null ? null : IPAddress.Parse(address)));

    [Fact]
    public async Task A_client_with_all_its_pages_open_gets_no_more_and_others_still_do()
    {
        var (first, second) = (new Socket(this, Home), new Socket(this, Home));
        Assert.Equal(429, await StatusAsync(Home, "/_blazor", "GET"));
        Assert.Equal(429, await StatusAsync(Home, "/_blazor/negotiate", "POST"));
        var page = await AnswerAsync(Home, "/", "GET", isPage: true);
        Assert.Equal(("429", "30"), (page.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture), page.Headers.RetryAfter.ToString()));
        page.Body.Position = 0;
        Assert.Contains("2 from one network address, 3 in all", await new StreamReader(page.Body).ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(200, await StatusAsync(Elsewhere, "/", "GET", isPage: true));
        var third = new Socket(this, Elsewhere);
        Assert.Equal(429, await StatusAsync("192.0.2.3", "/_blazor", "GET"));

        // Files, health, and what a connected page sends have no limit here.
        Assert.Equal(200, await StatusAsync(Home, "/css/base.css", "GET"));
        Assert.Equal(200, await StatusAsync(Home, "/_blazor", "POST"));
        Assert.Equal(200, await StatusAsync(Home, "/_blazor/disconnect", "POST"));
        await first.CloseAsync();
        Assert.Equal(200, await StatusAsync(Home, "/", "GET", isPage: true));
        Assert.Equal(200, await StatusAsync(Home, "/_blazor/negotiate", "POST"));
        await second.CloseAsync();
        await third.CloseAsync();
    }

    [Fact]
    public async Task A_socket_that_fails_gives_its_place_back()
    {
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => _guard.InvokeAsync(Context(Home, "/_blazor", "GET", isPage: false), _ => throw new IOException("cut")));
        }

        Assert.Equal(200, await StatusAsync(Home, "/_blazor", "GET"));
    }

    [Fact]
    public async Task Who_asks_for_pages_without_end_is_told_to_wait_and_others_are_not()
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal(200, await StatusAsync(Home, "/", "GET", isPage: true));
        var refused = await AnswerAsync(Home, "/compare", "GET", isPage: true);
        Assert.Equal((429, "1"), (refused.StatusCode, refused.Headers.RetryAfter.ToString()));
        Assert.Equal(200, await StatusAsync(Elsewhere, "/", "GET", isPage: true));
    }

    [Fact]
    public async Task A_class_of_200_behind_one_address_meets_no_limit_by_default()
    {
        Limit(new LimitOptions());
        var sockets = new List<Socket>();
        for (var pupil = 0; pupil < 200; pupil++)
        {
            // Each opens a page, reloads it once, and keeps it open.
            for (var times = 0; times < 2; times++)
                Assert.Equal(200, await StatusAsync(Home, "/", "GET", isPage: true));
            Assert.Equal(200, await StatusAsync(Home, "/_blazor/negotiate", "POST"));
            sockets.Add(new Socket(this, Home));
        }

        Assert.All(sockets, socket => Assert.True(socket.IsOpen));
        foreach (var socket in sockets)
            await socket.CloseAsync();
    }

    private void Limit(LimitOptions options)
    {
        _limiter?.Dispose();
        _limiter = new ClientLimiter(Options.Create(options));
        _guard = new LimitGuard(_limiter, new Arrivals(new FakeTimeProvider()));
    }

    private async Task<int> StatusAsync(string address, string path, string method, bool isPage = false) => (await AnswerAsync(address, path, method, isPage)).StatusCode;

    private async Task<HttpResponse> AnswerAsync(string address, string path, string method, bool isPage = false)
    {
        var context = Context(address, path, method, isPage);
        await _guard.InvokeAsync(context, _ => Task.CompletedTask);
        return context.Response;
    }

    private static DefaultHttpContext Context(string address, string path, string method, bool isPage)
    {
        var context = new DefaultHttpContext();
        (context.Request.Path, context.Request.Method, context.Connection.RemoteIpAddress) = (path, method, IPAddress.Parse(address));
        context.Response.Body = new MemoryStream();
        if (isPage)
            context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new ComponentTypeMetadata(typeof(object))), "page"));
        return context;
    }

    /// <summary>A connection that stays.</summary>
    private sealed class Socket
    {
        private readonly TaskCompletionSource _closed = new();
        private readonly Task _request;

        internal Socket(LimitGuardTests tests, string address) =>
            _request = tests._guard.InvokeAsync(Context(address, "/_blazor", "GET", isPage: false), _ => _closed.Task);

        internal bool IsOpen => !_request.IsCompleted;

        internal Task CloseAsync()
        {
            _closed.SetResult();
            return _request;
        }
    }
}
