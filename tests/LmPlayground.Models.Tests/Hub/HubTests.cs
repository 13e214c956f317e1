using System.Net.Sockets;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;

namespace LmPlayground.Models.Tests.Hub;

/// <summary>The client against a hub that redirects, breaks off, lies and refuses.</summary>
public sealed class HubTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ImpatientTime _time = new();
    private FakeHub _hub = null!;
    private HubClient _client = null!;
    private HubDownloader _downloader = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Repository => _folder.Combine("hub", "models--org--nice");

    private string Snapshot => Path.Combine(Repository, "snapshots", FakeHub.Commit);

    public async ValueTask InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        Connect(token: "secret");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_repository_is_described_with_its_licence_and_the_variants_that_can_be_had()
    {
        var repository = await FindAsync();
        Assert.Equal((FakeHub.Commit, "mit", false), (repository.Commit, repository.License, repository.IsGated));
        Assert.Equal(["q4", "full"], repository.Variants.Select(variant => variant.Name));
        Assert.Equal(
            ["config.json", "tokenizer.json", "README.md", "onnx/model_q4.onnx_data", "onnx/model_q4.onnx"],
            repository.Choose(null).Files.Select(file => file.Path));
        Assert.Equal(["onnx/model.onnx"], repository.Choose("fp32").Files.Select(file => file.Path).Where(path => path.StartsWith("onnx", StringComparison.Ordinal)));
        var unknown = Assert.Throws<HubException>(() => repository.Choose("q5"));
        Assert.Contains("q4, full", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_gives_names_downloads_and_licences()
    {
        Assert.Equal([new HubSearchResult("org/nice", 12, "mit"), new HubSearchResult("org/other", 0, null)], await _client.SearchAsync("ni ce&x", cancellationToken: Cancellation));
        Assert.StartsWith("/api/models?search=ni%20ce%26x&filter=onnx&sort=downloads", _hub.Requests.Single().Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_fills_the_cache_as_hugging_faces_tools_do_and_the_catalogue_finds_it()
    {
        var told = new List<DownloadProgress>();
        var repository = await FindAsync();
        var variant = repository.Choose("q4");
        Assert.Equal(variant.Size, _downloader.Missing(repository, variant));
        Assert.Equal(Snapshot, await _downloader.PullAsync(repository, variant, new Progress(told.Add), Cancellation));

        foreach (var file in variant.Files)
        {
            var place = Path.Combine(Snapshot, file.Path);
            Assert.Equal(_hub[file.Path], await File.ReadAllBytesAsync(place, Cancellation));
            Assert.False(Path.IsPathRooted(new FileInfo(place).LinkTarget));
            Assert.Equal(file.Checksum, Path.GetFileName(new FileInfo(place).LinkTarget));
        }

        Assert.Equal(FakeHub.Commit, await File.ReadAllTextAsync(Path.Combine(Repository, "refs", "main"), Cancellation));
        Assert.False(File.Exists(Path.Combine(Snapshot, "onnx", "model.onnx")));
        Assert.False(File.Exists(Path.Combine(Snapshot, "pytorch_model.bin")));
        Assert.Equal(variant.Size, told[^1].Done);
        Assert.All(told, progress => Assert.Equal(variant.Size, progress.Total));
        Assert.Equal(0, _downloader.Missing(repository, variant));

        using var catalog = new ModelCatalog(new ModelCatalogOptions { HubCacheDirectory = _folder.Combine("hub") });
        Assert.Equal("org/nice", Assert.Single(catalog.Entries).Id);

        var requests = _hub.Requests.Count;
        await _downloader.PullAsync(repository, variant, null, Cancellation);
        Assert.Equal(requests, _hub.Requests.Count);
    }

    [Fact]
    public async Task The_token_is_for_the_hub_alone()
    {
        await PullAsync();
        Assert.All(_hub.Requests, request => Assert.Equal("Bearer secret", request.Authorization));
        Assert.NotEmpty(_hub.ContentRequests);
        Assert.All(_hub.ContentRequests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task A_broken_connection_goes_on_where_it_broke()
    {
        _hub.InsteadOfContent.Enqueue(FakeHub.CutAfter(200_000));
        await PullAsync();
        string?[] ranges = [.. _hub.ContentRequests.Where(request => request.Path.Contains("_data", StringComparison.Ordinal)).Select(request => request.Range)];
        Assert.Null(ranges[0]);
        Assert.StartsWith("bytes=", ranges[1], StringComparison.Ordinal);
        Assert.Equal(_hub["onnx/model_q4.onnx_data"], await File.ReadAllBytesAsync(Path.Combine(Snapshot, "onnx/model_q4.onnx_data"), Cancellation));
    }

    [Fact]
    public async Task What_arrived_before_everything_broke_is_kept_for_the_next_pull_and_nothing_half_is_in_the_snapshot()
    {
        _hub.InsteadOfContent.Enqueue(FakeHub.CutAfter(200_000));

        // A cut may come before the headers or after them: a pull tries each a few times, and so their product.
        for (var i = 0; i < 50; i++)
            _hub.InsteadOfContent.Enqueue(FakeHub.CutAfter(0));
        var error = await Assert.ThrowsAsync<HubException>(PullAsync);
        Assert.Contains("kept", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Snapshot));
        Assert.Single(Directory.GetFiles(Path.Combine(Repository, "blobs"), "*.incomplete"));
        _hub.InsteadOfContent.Clear();
        _hub.ContentRequests.Clear();

        var repository = await FindAsync();
        Assert.True(_downloader.Missing(repository, repository.Choose(null)) < repository.Choose(null).Size);
        await PullAsync();
        Assert.StartsWith("bytes=", _hub.ContentRequests.First().Range, StringComparison.Ordinal);
        Assert.Equal(_hub["onnx/model_q4.onnx_data"], await File.ReadAllBytesAsync(Path.Combine(Snapshot, "onnx/model_q4.onnx_data"), Cancellation));
    }

    [Fact]
    public async Task A_host_without_ranges_sends_all_and_what_is_there_is_passed_over()
    {
        _hub.InsteadOfContent.Enqueue(FakeHub.CutAfter(200_000));
        _hub.InsteadOfContent.Enqueue(static (context, content) => context.Response.Body.WriteAsync(content).AsTask());
        await PullAsync();
        Assert.Equal(_hub["onnx/model_q4.onnx_data"], await File.ReadAllBytesAsync(Path.Combine(Snapshot, "onnx/model_q4.onnx_data"), Cancellation));
    }

    [Fact]
    public async Task A_spoiled_part_is_noticed_and_downloaded_anew()
    {
        var right = _hub["onnx/model_q4.onnx_data"];
        _folder.Write($"hub/models--org--nice/blobs/{FakeHub.Sha256(right)}.incomplete", new string('x', 1000));
        await PullAsync();
        Assert.Equal(right, await File.ReadAllBytesAsync(Path.Combine(Snapshot, "onnx/model_q4.onnx_data"), Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wrong_bytes_are_thrown_away_and_said(bool sameLength)
    {
        for (var i = 0; i < 3; i++)
            _hub.InsteadOfContent.Enqueue((context, content) => context.Response.Body.WriteAsync(FakeHub.Bytes(content.Length + (sameLength ? 0 : 5), 99)).AsTask());
        var error = await Assert.ThrowsAsync<HubException>(PullAsync);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Contains("onnx/model_q4.onnx_data", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Snapshot));
        Assert.All(Directory.GetFiles(Path.Combine(Repository, "blobs"), "*.incomplete"), part => Assert.Equal(0, new FileInfo(part).Length));
    }

    [Fact]
    public async Task A_cancelled_pull_stops_and_keeps_what_it_has()
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _hub.InsteadOfContent.Enqueue(async (context, content) =>
        {
            await context.Response.Body.WriteAsync(content.AsMemory(0, 100_000));
            await context.Response.Body.FlushAsync();
            await stopped.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var repository = await FindAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _downloader.PullAsync(repository, repository.Choose(null), null, stopped.Token));
        Assert.False(Directory.Exists(Snapshot));
        await PullAsync();
        Assert.True(File.Exists(Path.Combine(Snapshot, "onnx/model_q4.onnx")));
    }

    [Theory]
    [InlineData(401, "set HF_TOKEN", false)]
    [InlineData(401, "token in HF_TOKEN", true)]
    [InlineData(403, "Accept its terms", true)]
    [InlineData(404, "Check the name", true)]
    [InlineData(418, "418", true)]
    public async Task A_refusal_is_told_at_once_and_says_what_to_do(int status, string words, bool withToken)
    {
        Connect(withToken ? "secret" : null);
        _hub.Instead.Enqueue(FakeHub.Status(status));
        var error = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsOffline);
        Assert.Single(_hub.Requests);
    }

    [Fact]
    public async Task A_hub_that_asks_for_patience_gets_it()
    {
        _hub.Instead.Enqueue(FakeHub.Status(429, "Retry-After", "17"));
        _hub.Instead.Enqueue(FakeHub.Status(503));
        await FindAsync();
        Assert.Equal([TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(2)], _time.Pauses);
    }

    [Fact]
    public async Task A_hub_that_asks_for_an_hour_is_not_waited_for()
    {
        _hub.Instead.Enqueue(FakeHub.Status(429, "Retry-After", "3600"));
        var error = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.Contains("fewer requests", error.Message, StringComparison.Ordinal);
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task A_hub_with_a_fault_of_its_own_is_asked_a_few_times()
    {
        for (var i = 0; i < 20; i++)
            _hub.Instead.Enqueue(FakeHub.Status(500));
        var error = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.Contains("fault of its own", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, _hub.Requests.Count);
        Assert.Equal([1, 2, 4, 8], _time.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task An_answer_that_is_none_is_told_as_such()
    {
        _hub.Instead.Enqueue(static context => context.Response.Body.WriteAsync("<html>"u8.ToArray()).AsTask());
        var error = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.Contains("HF_ENDPOINT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_lead_out_of_the_folder_are_no_files()
    {
        foreach (var name in (string[])["../config.json", "/etc/passwd", "onnx/../../model.onnx", "a\\b.onnx", "c:model.onnx", "onnx//model.onnx", "."])
            _hub.Add(name, [1]);
        var repository = await FindAsync();
        Assert.Equal(7, repository.Files.Length);
        Assert.DoesNotContain(repository.Files, file => file.Path.Contains("..", StringComparison.Ordinal) || file.Path.Contains('\\', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nice")]
    [InlineData("org/nice/more")]
    [InlineData("../nice")]
    [InlineData("org/..")]
    [InlineData("org/a--b")]
    [InlineData("org/a b")]
    [InlineData("")]
    public void What_is_no_repository_is_refused(string text) => Assert.Throws<HubException>(() => HubRepositoryId.Parse(text));

    [Fact]
    public void A_page_of_the_hub_is_a_repository() =>
        Assert.Equal("org/nice", HubRepositoryId.Parse("https://huggingface.co/org/nice").ToString());

    [Theory]
    [InlineData("a b")]
    [InlineData("../main")]
    [InlineData("")]
    public async Task What_is_no_revision_is_refused_without_a_request(string revision)
    {
        await Assert.ThrowsAsync<HubException>(() => _client.FindAsync(FakeHub.Id, revision, Cancellation));
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public async Task A_full_disk_is_told_before_the_first_byte()
    {
        var repository = await FindAsync();
        var cramped = new HubDownloader(_client, _time, _ => 1_000_000);
        var error = await Assert.ThrowsAsync<HubException>(() => cramped.PullAsync(repository, repository.Choose(null), null, Cancellation));
        Assert.Contains("1 MB left", error.Message, StringComparison.Ordinal);
        Assert.Empty(_hub.ContentRequests);
    }

    [Fact]
    public async Task Being_offline_is_told_as_such()
    {
        Connect(token: null, offline: true);
        var asked = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.True(asked.IsOffline);
        Assert.Empty(_hub.Requests);

        // A port on which nobody listens.
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        using var lonely = new HubClient(_client.Options with { IsOffline = false, Endpoint = new Uri($"http://127.0.0.1:{port}") }, _time);
        var unreachable = await Assert.ThrowsAsync<HubException>(() => lonely.SearchAsync("x", cancellationToken: Cancellation));
        Assert.True(unreachable.IsOffline);
    }

    [Fact]
    public async Task A_hub_that_says_nothing_counts_as_not_there()
    {
        using var silent = new HubClient(_client.Options with { Silence = TimeSpan.FromSeconds(1), Tries = 2 }, _time);
        for (var i = 0; i < 2; i++)
            _hub.Instead.Enqueue(static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var error = await Assert.ThrowsAsync<HubException>(() => silent.SearchAsync("x", cancellationToken: Cancellation));
        Assert.True(error.IsOffline);
    }

    [Fact]
    public async Task Redirects_without_end_are_not_followed()
    {
        for (var i = 0; i < 20; i++)
            _hub.Instead.Enqueue(FakeHub.Status(302, "Location", "/again"));
        var error = await Assert.ThrowsAsync<HubException>(FindAsync);
        Assert.Contains("redirects", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_come_from_the_variables_of_the_hubs_own_tools()
    {
        _folder.Write("home/token", " hf_file \n");
        HubOptions From(params (string Name, string Value)[] variables) =>
            HubOptions.From(name => variables.FirstOrDefault(variable => variable.Name == name).Value);

        var options = From(("HF_HOME", _folder.Combine("home")));
        Assert.Equal(("https://huggingface.co/", "hf_file", _folder.Combine("home", "hub")), (options.Endpoint.AbsoluteUri, options.Token, options.CacheDirectory));
        options = From(("HF_HOME", _folder.Combine("home")), ("HF_TOKEN", "hf_own"), ("HF_HUB_CACHE", "/cache"), ("HF_ENDPOINT", "https://hub.example/x/"), ("HF_HUB_OFFLINE", "1"));
        Assert.Equal(("https://hub.example/x", "hf_own", "/cache", true), (options.Endpoint.AbsoluteUri, options.Token, options.CacheDirectory, options.IsOffline));
        Assert.Throws<HubException>(() => From(("HF_ENDPOINT", "hub")));
    }

    [Fact]
    public async Task A_download_of_another_program_is_not_disturbed()
    {
        var part = _folder.Write($"hub/models--org--nice/blobs/{FakeHub.Sha256(_hub["onnx/model_q4.onnx_data"])}.incomplete", "x");
        using (new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var error = await Assert.ThrowsAsync<HubException>(PullAsync);
            Assert.Contains("another program", error.Message, StringComparison.Ordinal);
        }

        await PullAsync();
    }

    private void Connect(string? token, bool offline = false)
    {
        _client?.Dispose();
        _client = new HubClient(
            new HubOptions { Endpoint = _hub.Address, Token = token, CacheDirectory = _folder.Combine("hub"), IsOffline = offline, Silence = TimeSpan.FromHours(1), AnswerTime = TimeSpan.FromHours(1) },
            _time);
        _downloader = new HubDownloader(_client, _time, _ => 1L << 40);
    }

    private Task<HubRepository> FindAsync() => _client.FindAsync(FakeHub.Id, cancellationToken: Cancellation);

    private async Task PullAsync()
    {
        var repository = await FindAsync();
        await _downloader.PullAsync(repository, repository.Choose(null), null, Cancellation);
    }

    private sealed class Progress(Action<DownloadProgress> told) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => told(value);
    }
}
