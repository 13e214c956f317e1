using System.Net;
using System.Text.RegularExpressions;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>What the program sends as the files of the page when it runs as a build left it, without a publish.</summary>
[Collection(PlaygroundCollection.Name)]
public partial class AssetTests(PlaygroundServer server)
{
    [Fact]
    public async Task Every_style_sheet_and_script_is_served_compressed()
    {
        using var client = new HttpClient(new HttpClientHandler { AutomaticDecompression = DecompressionMethods.None });
        foreach (var file in await FilesAsync(client))
        {
            using var plain = await client.GetAsync($"{server.Address}/{file}", TestContext.Current.CancellationToken);
            using var ask = new HttpRequestMessage(HttpMethod.Get, $"{server.Address}/{file}");
            ask.Headers.AcceptEncoding.ParseAdd("gzip");
            using var packed = await client.SendAsync(ask, TestContext.Current.CancellationToken);
            Assert.True(packed.Content.Headers.ContentEncoding.Contains("gzip"), file);
            var (small, whole) = ((await packed.Content.ReadAsByteArrayAsync()).Length, (await plain.Content.ReadAsByteArrayAsync()).Length);
            Assert.True(small < 0.7 * whole, $"{file}: {small} of {whole} bytes");
        }
    }

    [Fact]
    public async Task A_file_whose_name_has_its_fingerprint_is_asked_for_once()
    {
        using var client = new HttpClient();
        var fingerprinted = (await FilesAsync(client)).Where(file => Fingerprinted().IsMatch(file)).ToList();
        Assert.True(fingerprinted.Count > 10);
        foreach (var file in fingerprinted)
        {
            using var answer = await client.GetAsync($"{server.Address}/{file}", TestContext.Current.CancellationToken);
            Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
            Assert.True(answer.Headers.CacheControl?.MaxAge >= TimeSpan.FromDays(365), file);
        }
    }

    private async Task<List<string>> FilesAsync(HttpClient client)
    {
        var page = await client.GetStringAsync(server.Address + "/models", TestContext.Current.CancellationToken);
        var files = Files().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains(files, file => file.Contains("MudBlazor", StringComparison.Ordinal) && file.EndsWith(".css", StringComparison.Ordinal));
        Assert.Contains(files, file => file.Contains("blazor.web", StringComparison.Ordinal));
        Assert.Contains(files, file => file.StartsWith("LmPlayground.Web.", StringComparison.Ordinal) && file.EndsWith(".styles.css", StringComparison.Ordinal));
        return files;
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+\\.(?:css|js))\"")]
    private static partial Regex Files();

    [GeneratedRegex(@"\.[0-9a-z]{10}\.(?:styles\.)?(?:css|js)$")]
    private static partial Regex Fingerprinted();
}
