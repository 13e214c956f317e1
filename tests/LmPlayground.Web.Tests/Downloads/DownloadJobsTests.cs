using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;
using LmPlayground.Models.Tests.Hub;
using LmPlayground.Runs.Jobs;
using LmPlayground.Web.Access;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Downloads;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Tests.Downloads;

public sealed class DownloadJobsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lmplayground-");
    private FakeHub _hub = null!;
    private HubClient _client = null!;
    private ModelCatalog _catalog = null!;
    private JobManager _jobs = null!;
    private DownloadJobs _downloads = null!;

    private static string Id => $"{FakeHub.Id}:q4";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        var time = new ImpatientTime();
        _client = new HubClient(new HubOptions { Endpoint = _hub.Address, CacheDirectory = _folder.FullName, Silence = TimeSpan.FromHours(1), AnswerTime = TimeSpan.FromHours(1) }, time);
        _catalog = new ModelCatalog(new ModelCatalogOptions { HubCacheDirectory = _folder.FullName });
        var options = Options.Create(new DownloadOptions { AllowDownloads = true });
        _jobs = new JobManager(new JobOptions(), time, NullLogger<JobManager>.Instance);
        _downloads = new DownloadJobs(_jobs, _client, _catalog, new VisitorPolicy(options, Options.Create(new ModelOptions()), new Visitor()), new Visitor(), time, NullLogger<DownloadJobs>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.DrainAsync(CancellationToken.None);
        await _jobs.DisposeAsync();
        _catalog.Dispose();
        _client.Dispose();
        await _hub.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_downloaded_is_in_the_list_of_models_and_no_more_among_the_downloads()
    {
        _downloads.Start(FakeHub.Id, "q4");
        await Until(() => _downloads.Current.Count == 0);
        Assert.Equal(("org/nice", "q4"), _catalog.Entries.Select(entry => (entry.Id, entry.Variant)).Single());
    }

    [Fact]
    public async Task A_failure_stays_with_its_reason_and_can_be_tried_again_or_forgotten()
    {
        _hub.Instead.Enqueue(FakeHub.Status(403));
        _downloads.Start(FakeHub.Id, "q4");
        await Until(() => _downloads.Current is [{ Error: not null }]);
        Assert.Contains("Accept its terms", _downloads.Current[0].Error?.Text, StringComparison.Ordinal);
        Assert.Empty(_catalog.Entries);

        _downloads.Start(FakeHub.Id, "q4");
        await Until(() => _downloads.Current.Count == 0);
        Assert.Single(_catalog.Entries);

        _hub.Instead.Enqueue(FakeHub.Status(404));
        _downloads.Start(FakeHub.Id, "full");
        await Until(() => _downloads.Current is [{ Error: not null }]);
        _downloads.Cancel(_downloads.Current[0].Id);
        Assert.Empty(_downloads.Current);
    }

    [Fact]
    public async Task One_download_runs_the_next_waits_and_a_cancelled_one_makes_room()
    {
        var asked = new TaskCompletionSource();
        _hub.InsteadOfContent.Enqueue(async (context, content) =>
        {
            await context.Response.Body.WriteAsync(content.AsMemory(0, 1000), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        _downloads.Start(FakeHub.Id, "q4");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        _downloads.Start(FakeHub.Id, "q4");
        _downloads.Start(FakeHub.Id, "full");
        Assert.Equal(2, _downloads.Current.Count);
        Assert.Null(_downloads.Current[1].Progress);

        _downloads.Cancel(Id);
        await Until(() => _downloads.Current.Count == 0);
        Assert.Equal("full", _catalog.Entries.Single().Variant);
    }

    private async Task Until(Func<bool> condition)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (condition())
                reached.TrySetResult();
        }

        using var subscription = _downloads.Subscribe(Look);
        Look();
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }
}
