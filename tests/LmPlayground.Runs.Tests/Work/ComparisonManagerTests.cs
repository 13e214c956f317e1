using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Tests.Work;

public class ComparisonManagerTests
{
    private static readonly RunRequest Same = new();
    private static readonly RunRequest Greedy = new RunRequest().With(StageSettings.Of(TemperatureStage.Temperature), 0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Columns_go_to_their_ends_with_differences_and_metrics()
    {
        await using var bench = new RunBench();
        var end = await bench.Manager.StartComparison("page", Request(Same, Greedy, Same)).Job.End();
        Assert.Equal((JobStatus.Finished, 11ul), (end.Status, end.Detail.Seed));
        var columns = end.Detail.Columns;
        Assert.All(columns, column => Assert.Equal((8, FinishReason.Length, 4), (column.Steps.Count, column.Summary!.FinishReason, column.PromptTokens)));
        Assert.All(columns, column => Assert.NotEmpty(column.Metrics));
        Assert.NotEmpty(end.Detail.MetricsTogether);
        var first = columns[0].Steps.Zip(columns[1].Steps).TakeWhile(pair => pair.First.Id == pair.Second.Id).Count();
        Assert.All(columns, column => Assert.Equal(first, column.Difference));
        Assert.Equal([null, first, null], columns.Select(column => column.DifferenceFromFirst));
        Assert.Equal(first, end.Detail.FirstDifference);
        Assert.True(end.Detail.ForwardPasses.Made < end.Detail.ForwardPasses.Alone);
    }

    [Fact]
    public async Task A_column_is_what_all_share_with_what_it_changes()
    {
        await using var bench = new RunBench();
        var end = await bench.Manager.StartComparison("page", Request(Greedy, new RunRequest { Seed = 5, Prompt = "Other" })).Job.End();
        var columns = end.Detail.Columns;
        Assert.Equal(["Once", "Other"], columns.Select(column => column.Request.Prompt));
        Assert.Equal([11ul, 5ul], columns.Select(column => column.Summary!.Seed));
        Assert.Equal([4, 5], columns.Select(column => column.PromptTokens));
        Assert.Equal([0, 0.8], columns.Select(column => column.Sampling!.Temperature));
        Assert.All(columns, column => Assert.Empty(column.Request.Columns));
    }

    [Fact]
    public async Task Distances_and_draws_can_be_asked_for_after_the_end()
    {
        await using var bench = new RunBench();
        var comparison = bench.Manager.StartComparison("page", Request(Same, new RunRequest().With(StageSettings.Of(TopKStage.K), 3)));
        await comparison.Job.End();
        var distance = await comparison.Review.DistanceAsync(0, 1, 0, Cancellation);
        Assert.True(distance!.HaveSameTokensBefore);
        Assert.True(double.IsPositiveInfinity(distance.Sampled.KullbackLeibler));
        Assert.Equal(0, distance.Model.JensenShannon);
        var check = await comparison.Review.CheckAsync(1, 0, 5_000, Cancellation);
        Assert.Equal(5_000, check.Cells.Sum(cell => cell.Count) + check.Rest.Count);
        Assert.Equal(0, bench.Leases);
    }

    [Fact]
    public async Task Models_score_a_continuation_and_one_that_cannot_says_why()
    {
        await using var bench = new RunBench();
        var request = new RunRequest
        {
            Prompt = "Once",
            Continuation = " upon",
            Columns = [new RunRequest { Model = "fake" }, new RunRequest { Model = "other" }, new RunRequest { Model = "fake", Seed = 3 }],
        };
        var end = await bench.Manager.StartScoring("page", request).End();
        Assert.Equal(["fake", "other"], end.Detail.Scores.Select(score => score.ModelId));
        Assert.True(end.Detail.Scores[0].Score!.BitsPerCharacter > 0);
        Assert.Null(end.Detail.Scores[1].Score);
        Assert.Contains("other/model.onnx", end.Detail.Scores[1].Error?.Text, StringComparison.Ordinal);
        Assert.Equal((JobStatus.Finished, 0), (end.Status, bench.Leases));
    }

    [Fact]
    public async Task A_model_that_is_not_there_fails_the_comparison_in_words()
    {
        await using var bench = new RunBench();
        var end = await bench.Manager.StartComparison("page", Request(Same, new RunRequest { Model = "other" })).Job.End();
        Assert.Equal((JobStatus.Failed, true, 0), (end.Status, end.IsRefusal, bench.Leases));
        Assert.Contains("other/model.onnx", end.Error?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_keeps_what_is_there_and_a_new_comparison_ends_the_one_before()
    {
        await using var bench = new RunBench();
        bench.HoldAfter(3);
        var comparison = bench.Manager.StartComparison("page", Request(Same, Same));
        await comparison.Job.Until(snapshot => snapshot.Detail.Columns is [{ Steps.Count: > 0 }, ..]);
        var next = bench.Manager.StartComparison("page", Request(Same, Same));
        var end = await comparison.Job.End();
        Assert.All(end.Detail.Columns, column => Assert.Equal(FinishReason.Cancelled, column.Summary!.FinishReason));
        Assert.All(end.Detail.Columns, column => Assert.NotEmpty(column.Steps));
        bench.Release();
        Assert.Equal(JobStatus.Finished, (await next.Job.End()).Status);
        Assert.Equal(next, bench.Manager.FindComparison("page"));
    }

    private static RunRequest Request(params RunRequest[] columns) => new()
    {
        Model = "fake",
        Prompt = "Once",
        Columns = [.. columns],
        Stopping = new StoppingOptions { MaxNewTokens = 8 },
        Seed = 11,
    };
}
