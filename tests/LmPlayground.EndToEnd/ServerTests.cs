using System.Net;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>What the server says to programs.</summary>
[Collection(PlaygroundCollection.Name)]
public class ServerTests(PlaygroundServer server)
{
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task It_says_that_it_is_well() =>
        Assert.Equal("Healthy", await Client.GetStringAsync(server.Address + "/healthz"));

    [Theory]
    [InlineData("/models/transformer/model.onnx")]
    [InlineData("/models/models.json")]
    [InlineData("/appsettings.json")]
    public async Task Models_and_settings_are_not_served(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync(server.Address + path)).StatusCode);

    [Fact]
    public async Task A_page_of_another_origin_may_not_open_a_circuit()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address + "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", "https://elsewhere.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/compare")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/_blazor?id=x")]
    public async Task A_page_that_gives_its_own_name_this_address_gets_nothing(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), server.Address + path);
        request.Headers.Host = "rebound.example:" + new Uri(server.Address).Port;
        request.Headers.Add("Origin", "http://" + request.Headers.Host);
        var response = await Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("AllowedHosts", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://elsewhere.example")]
    [InlineData("null")]
    public async Task A_socket_of_another_origin_is_refused(string origin)
    {
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);
        var address = new Uri(server.Address.Replace("http:", "ws:", StringComparison.Ordinal) + "/_blazor?id=x");
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => socket.ConnectAsync(address, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode is 0 ? await StatusOf(origin) : socket.HttpStatusCode);
    }

    [Fact]
    public async Task Under_any_name_it_says_that_it_is_well()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + "/healthz");
        request.Headers.Host = "rebound.example";
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(request)).StatusCode);
    }

    private async Task<HttpStatusCode> StatusOf(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + "/_blazor?id=x");
        request.Headers.Add("Origin", origin);
        return (await Client.SendAsync(request)).StatusCode;
    }

    [Fact]
    public async Task Every_page_forbids_foreign_scripts_and_frames()
    {
        var response = await Client.GetAsync(server.Address + "/");
        var policy = string.Join(' ', response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
    }
}
