using System.Globalization;
using System.Net;
using LmPlayground.Models.Hub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Models.Tests.Hub;

/// <summary>A hub that means harm, or is broken in the way of one that does: every answer ends, in words, and within its limits.</summary>
public sealed class HostileHubTests : IDisposable
{
    private const string Checksum = "00112233445566778899aabbccddeeff00112233";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<HostileStream> _streams = [];
    private readonly ServiceProvider _services;
    private Func<HttpRequestMessage, HttpResponseMessage> _answer = _ => new HttpResponseMessage(HttpStatusCode.NotFound);
    private int _requests;

    public HostileHubTests()
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddHub(_ => new HubOptions
        {
            Endpoint = new Uri("https://hub.example"),
            CacheDirectory = _folder.Combine("hub"),
            Tries = 1,
        });
        services.AddHttpClient(HubServices.Name).ConfigurePrimaryHttpMessageHandler(() => new Handler(this));
        _services = services.BuildServiceProvider();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HubClient Client => _services.GetRequiredService<HubClient>();

    private HubDownloader Downloader => new(Client, _time, _ => 1L << 45);

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("-1")]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775808")]
    [InlineData("1e300")]
    [InlineData("1125899906842625")]
    [InlineData("0.5")]
    [InlineData("\"12\"")]
    public async Task What_is_no_size_of_a_file_is_refused_in_words(string size)
    {
        _answer = _ => Text(Listing($$"""{"rfilename": "onnx/model.onnx", "size": {{size}}, "blobId": "{{Checksum}}"}"""));
        var error = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.Contains("siblings[0]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1L << 62, 1L << 62)]
    [InlineData(long.MaxValue - 64_000_000 + 1, 0)]
    public async Task A_sum_of_sizes_that_no_number_holds_passes_no_check(long first, long second)
    {
        var variant = Variant(new HubFile("onnx/model.onnx", first, new string('a', 64)), new HubFile("onnx/model.onnx_data", second, new string('b', 64)));
        Assert.True(variant.Size >= long.MaxValue - 64_000_000);
        Assert.Equal(variant.Size, Downloader.Missing(Repository(variant), variant));
        var tooLarge = await Assert.ThrowsAsync<HubException>(() => Downloader.PullAsync(Repository(variant), variant, null, Cancellation));
        Assert.Contains("at most", tooLarge.Message, StringComparison.Ordinal);

        // Without a limit of its own the free space is one, however much that is.
        using var boundless = new HubClient(Client.Options with { MaxBytes = long.MaxValue }, _time);
        var noSpace = await Assert.ThrowsAsync<HubException>(
            () => new HubDownloader(boundless, _time, _ => long.MaxValue).PullAsync(Repository(variant), variant, null, Cancellation));
        Assert.Contains("64 MB that stay free", noSpace.Message, StringComparison.Ordinal);
        Assert.Equal(0, _requests);
    }

    [Theory]
    [InlineData(2_000_000, 65_999_999, false)]
    [InlineData(2_000_000, 66_000_000, true)]
    [InlineData(2_000_000, 10, false)]
    public async Task What_is_kept_free_is_said_where_it_makes_the_difference(long size, long free, bool fits)
    {
        var variant = Variant(new HubFile("onnx/model.onnx", size, new string('a', 64)));
        var error = await Assert.ThrowsAsync<HubException>(
            () => new HubDownloader(Client, _time, _ => free).PullAsync(Repository(variant), variant, null, Cancellation));
        Assert.Equal(!fits, error.Message.Contains("needs 2 MB and 64 MB that stay free", StringComparison.Ordinal));
        Assert.Equal(fits ? 1 : 0, _requests);
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(20_000)]
    public async Task More_files_than_any_model_has_are_refused_before_the_first_request(int count)
    {
        var variant = Variant([.. Enumerable.Range(0, count).Select(i => new HubFile(
            string.Create(CultureInfo.InvariantCulture, $"onnx/model.onnx_data_{i}"), 1, i.ToString("x40", CultureInfo.InvariantCulture)))]);
        var error = await Assert.ThrowsAsync<HubException>(() => Downloader.PullAsync(Repository(variant), variant, null, Cancellation));
        Assert.Contains("files", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task A_file_that_is_named_twice_is_one_and_a_path_without_end_is_none()
    {
        var deep = string.Join('/', Enumerable.Repeat("a", 5000)) + "/model.onnx";
        string[] names = ["onnx/model.onnx", "onnx/model.onnx", deep, new string('x', 401), "onnx/model.onnx_data"];
        _answer = _ => Text(Listing(string.Join(',', names.Select(name => $$"""{"rfilename": "{{name}}", "size": 3, "blobId": "{{Checksum}}"}"""))));
        var repository = await FindAsync();
        Assert.Equal(["onnx/model.onnx", "onnx/model.onnx_data"], repository.Files.Select(file => file.Path));
        Assert.Equal(3, Downloader.Missing(repository, repository.Choose(null)));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(1, 29)]
    [InlineData(4000, 20)]
    [InlineData(0, 121)]
    public async Task A_list_that_drips_or_stalls_ends_after_its_time(int bytes, int secondsARead)
    {
        _answer = _ => Endless(bytes, () => _time.Advance(TimeSpan.FromSeconds(secondsARead)));
        var found = await Assert.ThrowsAsync<HubException>(FindAsync);
        var searched = await Assert.ThrowsAsync<HubException>(() => Client.SearchAsync("x", cancellationToken: Cancellation));
        Assert.All([found, searched], error =>
        {
            Assert.True(error.IsOffline);
            Assert.Contains("120 s", error.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(1 << 16, null)]
    [InlineData(1 << 10, null)]
    [InlineData(1 << 16, 1L << 40)]
    public async Task A_list_without_end_is_read_no_further_than_any_list_goes(int bytes, long? announced)
    {
        _answer = _ =>
        {
            var answer = Endless(bytes, () => { });
            answer.Content.Headers.ContentLength = announced;
            return answer;
        };
        var error = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.Contains("32 MB", error.Message, StringComparison.Ordinal);
        Assert.All(_streams, stream => Assert.InRange(stream.Given, 0, 33 << 20));
    }

    [Fact]
    public async Task A_search_gives_no_more_than_was_asked_for()
    {
        var one = $$"""{"id": "org/nice", "tags": ["license:{{new string('l', 10_000)}}"]}""";
        _answer = _ => Text($"[{string.Join(',', Enumerable.Repeat(one, 300))}]");
        var found = await Client.SearchAsync("x", 7, Cancellation);
        Assert.Equal(7, found.Length);
        Assert.All(found, model => Assert.Equal(100, model.License!.Length));
    }

    [Theory]
    [InlineData(0, 31)]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    public async Task A_file_that_stalls_or_drips_breaks_off_and_keeps_what_has_come(int bytes, int secondsARead)
    {
        var variant = Variant(new HubFile("onnx/model.onnx", 1 << 30, new string('a', 64)));
        _answer = _ => Endless(bytes, () => _time.Advance(TimeSpan.FromSeconds(secondsARead)));
        var error = await Assert.ThrowsAsync<HubException>(() => Downloader.PullAsync(Repository(variant), variant, null, Cancellation));
        Assert.Contains("next to nothing came for 30 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("try again to go on", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(1_000_000)]
    public async Task A_file_that_goes_on_beyond_its_announced_size_is_never_longer_on_disk(int size)
    {
        var variant = Variant(new HubFile("onnx/model.onnx", size, new string('a', 64)));
        _answer = _ => Endless(1 << 14, () => { });
        var error = await Assert.ThrowsAsync<HubException>(() => Downloader.PullAsync(Repository(variant), variant, null, Cancellation));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _streams.Count);
        Assert.All(_streams, stream => Assert.InRange(stream.Given, size, size + (1 << 18)));
        Assert.All(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories), file => Assert.Equal(0, new FileInfo(file).Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 12)]
    public async Task Whoever_cancels_is_not_kept_waiting(int bytes)
    {
        using var stop = new CancellationTokenSource();
        var variant = Variant(new HubFile("onnx/model.onnx", 1 << 30, new string('a', 64)));
        var reads = 0;
        _answer = _ => Endless(bytes, () =>
        {
            if (++reads == (bytes == 0 ? 1 : 20))
                stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Downloader.PullAsync(Repository(variant), variant, null, stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.FindAsync(FakeHub.Id, cancellationToken: stop.Token));
    }

    [Theory]
    [InlineData("https://hub.example/a", "redirects more than 5 times")]
    [InlineData("/again", "redirects more than 5 times")]
    [InlineData("https://elsewhere.example/x", "redirects more than 5 times")]
    [InlineData("http://hub.example/a", "not encrypted")]
    [InlineData("file:///etc/passwd", "no address of the web")]
    [InlineData("ftp://hub.example/x", "no address of the web")]
    [InlineData("", "302")]
    public async Task Redirects_end_and_lead_nowhere_else(string location, string words)
    {
        _answer = _ =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.Found);
            answer.Headers.TryAddWithoutValidation("Location", location);
            return answer;
        };
        var error = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.InRange(_requests, 1, 6);
    }

    private static HubVariant Variant(params HubFile[] files) => new("full", [.. files]);

    private static HubRepository Repository(HubVariant variant) =>
        new() { Id = FakeHub.Id, Revision = "main", Commit = FakeHub.Commit, Files = variant.Files };

    private static string Listing(string files) => $$"""{"sha": "{{FakeHub.Commit}}", "siblings": [{{files}}]}""";

    private static HttpResponseMessage Text(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text) };

    private HttpResponseMessage Endless(int bytes, Action beforeRead)
    {
        var stream = new HostileStream(bytes, beforeRead);
        _streams.Add(stream);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream) };
    }

    private Task<HubRepository> FindAsync() => Client.FindAsync(FakeHub.Id, cancellationToken: Cancellation);

    private sealed class Handler(HostileHubTests test) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            test._requests++;
            return Task.FromResult(test._answer(request));
        }
    }
}
