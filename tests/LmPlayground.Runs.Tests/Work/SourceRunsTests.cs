using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Tests.Runs;

/// <summary>An encoder-decoder's runs through the one manager, with the reference model.</summary>
public sealed class SourceRunsTests : IDisposable
{
    private static readonly SamplingOptions Greedy = new SamplingOptions().With(TemperatureStage.Temperature, 0);

    private readonly Loader _models = new();
    private readonly GenerationEngine _engine = new(new GenerationOptions { KeptLogitsBytes = 0 });
    private readonly RunManager _runs;

    public SourceRunsTests() =>
        _runs = new RunManager(_models, _engine, new RunQueue(2, 10), Options.Create(new RunOptions()), TimeProvider.System, NullLogger<RunManager>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_reads_its_source_goes_on_and_is_looked_at_again_after_its_logits_were_let_go()
    {
        var whole = await EndOf("A dog sat.", "", tokens: 8);
        Assert.Equal((RunStatus.Finished, null), (whole.Snapshot.Status, whole.Snapshot.Error));
        Assert.True(whole.Snapshot.SourceTokens > 3);
        Assert.Equal(1, whole.Snapshot.PromptTokens);

        var part = await EndOf("A dog sat.", "", tokens: 3);
        var rest = await EndOf("A dog sat.", "", tokens: 5, continued: part);
        Assert.Equal(whole.Snapshot.Steps.Select(step => (step.Id, step.Logit)), rest.Snapshot.Steps.Select(step => (step.Id, step.Logit)));

        foreach (var other in (string[])["one", "two", "three", "four", "five"])
            await EndOf(other, "", tokens: 1);
        var again = await whole.InspectAsync(6, Greedy, Cancellation);
        Assert.Equal(whole.Snapshot.Steps[6].Logit, again.Logit);
    }

    [Fact]
    public async Task Another_source_gives_other_probabilities()
    {
        var one = (await EndOf("A dog sat.", "x", tokens: 1)).Snapshot;
        var two = (await EndOf("Rain.", "x", tokens: 1)).Snapshot;
        Assert.NotEqual(one.Steps[0].Logit, two.Steps[0].Logit);
        Assert.Equal(one.PromptTokens, two.PromptTokens);
    }

    [Fact]
    public async Task Searches_and_guidance_work_over_a_source()
    {
        var run = await EndOf("A dog sat.", "", tokens: 4, search: new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 4 }, GuidanceScale = 1.5 });
        Assert.Equal((RunStatus.Finished, null), (run.Snapshot.Status, run.Snapshot.Error));
        Assert.InRange(run.Snapshot.Steps.Count, 1, 4);
        Assert.NotNull(run.Snapshot.Beams);
    }

    [Theory]
    [InlineData("t5", null, "needs a source")]
    [InlineData("gpt2", "A source.", "reads no source")]
    public async Task A_source_where_none_is_read_and_none_where_one_is_needed_are_said(string model, string? source, string reason)
    {
        var snapshot = (await EndOf(source, "x", tokens: 1, model: model)).Snapshot;
        Assert.Equal(RunStatus.Failed, snapshot.Status);
        Assert.Contains(reason, snapshot.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _runs.Dispose();
        _engine.Dispose();
        _models.Dispose();
    }

    private async Task<IRun> EndOf(string? source, string prompt, int tokens, IRun? continued = null, string model = "t5", SearchStrategy? search = null)
    {
        var run = _runs.Start("page", new RunRequest
        {
            ModelId = model,
            Source = source,
            Prompt = prompt,
            Seed = 3,
            Sampling = Greedy,
            Search = search ?? new SearchStrategy(),
            Stopping = new StoppingOptions { MaxNewTokens = tokens, StopAtEndOfSequence = false },
        }, continued);
        await ((Run)run).Completion.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
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
            var zoo = Path.GetFullPath(Path.Combine(folder!.FullName, "..", "shared", "models", "zoo"));
            Assert.SkipUnless(Directory.Exists(zoo), "The folder ../shared with the reference models is not here.");
            _catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { zoo } });
        }

        public Task<ModelLease> AcquireAsync(string id, CancellationToken cancellationToken) => _catalog.AcquireAsync(id, cancellationToken);

        public bool Unload(string id) => false;

        public void Dispose() => _catalog.Dispose();
    }
}
