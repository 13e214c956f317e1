using LmPlayground.Generation.Engine;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Tests.Runs;

/// <summary>A masked model's runs through the one manager, with the reference model.</summary>
public sealed class MaskedRunsTests : IDisposable
{
    private readonly GenerationEngine _engine = new();
    private readonly Loader _models = new();
    private readonly RunManager _runs;

    public MaskedRunsTests() =>
        _runs = new RunManager(_models, _engine, new RunQueue(2, 10), Options.Create(new RunOptions()), TimeProvider.System, NullLogger<RunManager>.Instance);

    [Fact]
    public async Task A_fill_ends_with_every_mask_filled_and_can_be_looked_at_again()
    {
        var run = await EndOf("The [MASK] sat on the [MASK].", RunTask.Fill);
        var snapshot = run.Snapshot;
        Assert.Equal((RunStatus.Finished, null), (snapshot.Status, snapshot.Error));
        Assert.Equal(snapshot.Masked!.Masks, snapshot.Steps.Select(step => step.Position));
        Assert.False(snapshot.MaskedSummary!.IsCancelled);
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(snapshot.Steps[1].Draw, (await run.InspectAsync(1, snapshot.Request.Sampling, cancellation)).Draw);
        var greedy = snapshot.Request.Sampling.With(TemperatureStage.Temperature, 0);
        Assert.Equal(2, (await run.CompareAsync(greedy, cancellation)).Length);
        Assert.Equal(1, (await run.InspectAsync(0, greedy, cancellation)).Top.Count(candidate => candidate.SampledProbability > 0));
    }

    [Fact]
    public async Task A_score_asks_for_every_token_but_the_special_ones()
    {
        var snapshot = (await EndOf("The cat sat.", RunTask.Score)).Snapshot;
        Assert.Equal(snapshot.Masked!.Scored, snapshot.Steps.Select(step => step.Position));
        Assert.Equal("Thecatsat.", string.Concat(snapshot.Steps.Select(step => step.Text)));
    }

    [Theory]
    [InlineData("no mask here", RunTask.Fill, "[MASK]")]
    [InlineData("", RunTask.Score, "empty")]
    [InlineData("The [MASK].", RunTask.Continue, "masked model")]
    public async Task What_cannot_be_done_is_said(string text, RunTask task, string reason)
    {
        var snapshot = (await EndOf(text, task)).Snapshot;
        Assert.Equal(RunStatus.Failed, snapshot.Status);
        Assert.Contains(reason, snapshot.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _runs.Dispose();
        _engine.Dispose();
        _models.Dispose();
    }

    private async Task<IRun> EndOf(string text, RunTask task)
    {
        var run = _runs.Start("page", new RunRequest { ModelId = "bert", Prompt = text, Task = task, Seed = 3, Sampling = new SamplingOptions() });
        await ((Run)run).Completion.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return run;
    }

    private sealed class Loader : IModelLoader, IDisposable
    {
        private readonly ModelCatalog _catalog;

        internal Loader()
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
                folder = folder.Parent;
            var bert = Path.GetFullPath(Path.Combine(folder!.FullName, "..", "shared", "models", "zoo", "bert"));
            Assert.SkipUnless(Directory.Exists(bert), "The folder ../shared with the reference models is not here.");
            _catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { bert } });
        }

        public Task<ModelLease> AcquireAsync(string id, CancellationToken cancellationToken) => _catalog.AcquireAsync(id, cancellationToken);

        public bool Unload(string id) => false;

        public void Dispose() => _catalog.Dispose();
    }
}
