using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>A run over a source goes on over that source alone.</summary>
public sealed class ContinuedSourceTests : IModelLoader, IAsyncDisposable
{
    private readonly FakeEncoderDecoder _model = new();
    private readonly GenerationEngine _engine = new();
    private readonly JobManager _jobs = new(new JobOptions(), TimeProvider.System, NullLogger<JobManager>.Instance);
    private readonly RunManager _manager;

    public ContinuedSourceTests()
    {
        var planner = new RunPlanner(_engine, new PlanningOptions(), TimeProvider.System);
        _manager = new RunManager(_jobs, new WorkServices(this, _engine, planner, TimeProvider.System, NullLogger.Instance));
    }

    [Theory]
    [InlineData("a dog")]
    [InlineData("a cat", "a dog")]
    [InlineData("a dog ", "a dog")]
    public async Task Another_source_begins_anew_and_the_same_one_goes_on(string source, string? other = null)
    {
        var whole = await _manager.StartRun("whole", Request(source, tokens: 5)).Job.End();
        Assert.Equal((JobStatus.Finished, 5), (whole.Status, whole.Detail.Steps.Count));
        var run = _manager.StartRun("page", Request(other ?? source, tokens: 2));
        await run.Job.End();
        var next = await _manager.StartRun("page", Request(source, tokens: other is null ? 3 : 5), continued: run).Job.End();
        Assert.Equal(whole.Detail.Steps.Select(step => (step.Id, step.Logit)), next.Detail.Steps.Select(step => (step.Id, step.Logit)));
        Assert.Equal(whole.Detail.SourceIds, next.Detail.SourceIds);
    }

    [Fact]
    public async Task A_source_that_follows_the_model_is_the_one_that_was_read_first()
    {
        _model.Card = _model.Card with { ExamplePrompts = ["first"] };
        var run = _manager.StartRun("page", Request(null, tokens: 2));
        var first = (await run.Job.End()).Detail;
        _model.Card = _model.Card with { ExamplePrompts = ["another"] };
        var next = (await _manager.StartRun("page", Request(null, tokens: 3), continued: run).Job.End()).Detail;
        Assert.Equal((first.SourceIds, 5), (next.SourceIds, next.Steps.Count));
        var anew = (await _manager.StartRun("other", Request(null, tokens: 5)).Job.End()).Detail;
        Assert.NotEqual(first.SourceIds, anew.SourceIds);
    }

    public Task<ModelLease> AcquireAsync(string idOrDirectory, CancellationToken cancellationToken = default) => Task.FromResult(new ModelLease(_model));

    public bool Unload(string id) => false;

    public async ValueTask DisposeAsync()
    {
        await _jobs.DrainAsync();
        await _jobs.DisposeAsync();
        _engine.Dispose();
    }

    private static RunRequest Request(string? source, int tokens) => new()
    {
        Model = "fake",
        Source = source,
        Prompt = "",
        Seed = 3,
        Stopping = new StoppingOptions { MaxNewTokens = tokens },
    };
}
