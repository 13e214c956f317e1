using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Runs;
using LmPlayground.Web.Runs.Comparisons;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Web.Tests.Runs;

public sealed class ComparisonManagerTests : IModelLoader, IDisposable
{
    private readonly FakeModel _model = new();
    private readonly GenerationEngine _engine = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ComparisonManager _manager;

    public ComparisonManagerTests() => _manager = new ComparisonManager(
        this, _engine, new RunQueue(1, 1), Options.Create(new RunOptions()), _time, NullLogger<ComparisonManager>.Instance);

    [Fact]
    public async Task Columns_go_to_their_ends_with_differences_and_metrics()
    {
        var end = await EndOf(_manager.Start("page", Request(new SamplingOptions(), new SamplingOptions().With(TemperatureStage.Temperature, 0), new SamplingOptions())));
        Assert.Equal(RunStatus.Finished, end.Status);
        Assert.All(end.Columns, column => Assert.Equal((8, FinishReason.Length), (column.Steps.Count, column.Summary!.FinishReason)));
        Assert.All(end.Columns, column => Assert.NotEmpty(column.Metrics));
        var first = end.Columns[0].Steps.Zip(end.Columns[1].Steps).TakeWhile(pair => pair.First.Id == pair.Second.Id).Count();
        Assert.All(end.Columns, column => Assert.Equal(first, column.Difference));
        Assert.True(end.ForwardPasses.Made < end.ForwardPasses.Alone);
    }

    [Fact]
    public async Task Distances_and_draws_can_be_asked_for_after_the_end()
    {
        var comparison = _manager.Start("page", Request(new SamplingOptions(), new SamplingOptions().With(TopKStage.K, 3)));
        await EndOf(comparison);
        var distance = await comparison.DistanceAsync(0, 1, 0, TestContext.Current.CancellationToken);
        Assert.True(distance!.HaveSameTokensBefore);
        Assert.True(double.IsPositiveInfinity(distance.Sampled.KullbackLeibler));
        Assert.Equal(0, distance.Model.JensenShannon);
        var check = await comparison.CheckAsync(1, 0, 5_000, TestContext.Current.CancellationToken);
        Assert.Equal(5_000, check.Cells.Sum(cell => cell.Count) + check.Rest.Count);
    }

    [Fact]
    public async Task Models_score_a_continuation_and_one_that_cannot_says_why()
    {
        var scores = await _manager.ScoreAsync(["fake", "other"], "Once", " upon", TestContext.Current.CancellationToken);
        Assert.True(scores[0].Score!.BitsPerCharacter > 0);
        Assert.Contains("other/model.onnx", scores[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_fails_the_comparison_in_words()
    {
        var request = Request(new SamplingOptions());
        var end = await EndOf(_manager.Start("page", request with { Columns = [.. request.Columns, new CompareColumn("other", new SamplingOptions())] }));
        Assert.Equal(RunStatus.Failed, end.Status);
        Assert.Contains("other/model.onnx", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_keeps_what_is_there_and_a_new_comparison_ends_the_one_before()
    {
        using var gate = new ManualResetEventSlim();
        var passed = 0;
        _model.OnForward = (_, cancellationToken) =>
        {
            if (Interlocked.Increment(ref passed) > 3)
                gate.Wait(cancellationToken);
        };
        var comparison = _manager.Start("page", Request(new SamplingOptions(), new SamplingOptions()));
        await Until(comparison, snapshot => snapshot.Columns is [{ Steps.Count: > 0 }, ..]);
        var next = _manager.Start("page", Request(new SamplingOptions(), new SamplingOptions()));
        var end = await EndOf(comparison);
        Assert.All(end.Columns, column => Assert.Equal(FinishReason.Cancelled, column.Summary!.FinishReason));
        Assert.All(end.Columns, column => Assert.NotEmpty(column.Steps));
        gate.Set();
        Assert.Equal(RunStatus.Finished, (await EndOf(next)).Status);
        Assert.Same(next, _manager.Find("page"));
    }

    public Task<ModelLease> AcquireAsync(string id, CancellationToken cancellationToken) => id == "fake"
        ? Task.FromResult(new ModelLease(_model))
        : Task.FromException<ModelLease>(new ModelLoadException($"{id}/model.onnx", "it is not there."));

    public bool Unload(string id) => false;

    public void Dispose()
    {
        _manager.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        _manager.Dispose();
        _engine.Dispose();
    }

    private static CompareRequest Request(params SamplingOptions[] strategies) => new()
    {
        Prompt = "Once",
        Columns = [.. strategies.Select(sampling => new CompareColumn("fake", sampling))],
        Stopping = new StoppingOptions { MaxNewTokens = 8 },
        Seed = 11,
    };

    private static Task<ComparisonSnapshot> EndOf(IComparison comparison) => Until(comparison, snapshot => !snapshot.IsActive);

    private static async Task<ComparisonSnapshot> Until(IComparison comparison, Func<ComparisonSnapshot, bool> condition)
    {
        var reached = new TaskCompletionSource<ComparisonSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (comparison.Snapshot is var snapshot && condition(snapshot))
                reached.TrySetResult(snapshot);
        }

        using var subscription = comparison.Subscribe(Look);
        Look();
        return await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
