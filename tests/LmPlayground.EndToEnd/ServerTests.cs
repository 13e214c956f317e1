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
