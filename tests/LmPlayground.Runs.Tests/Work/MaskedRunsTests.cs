using LmPlayground.Runs.Jobs;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>A masked model's runs through the one manager, with the reference model.</summary>
public class MaskedRunsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData(RunTask.Fill)]
    public async Task A_fill_ends_with_every_mask_filled_and_can_be_looked_at_again(RunTask? task)
    {
        await using var bench = new ZooBench();
        var (run, end) = await bench.EndOf(Request("The [MASK] sat on the [MASK].", task));
        Assert.Equal((JobStatus.Finished, null), (end.Status, end.Error));
        var detail = end.Detail;
        Assert.Equal(detail.Masked!.Masks, detail.Steps.Select(step => step.Position));
        Assert.False(detail.MaskedSummary!.IsCancelled);
        Assert.Equal(detail.Steps[1].Draw, (await run.Review.InspectAsync(1, detail.Sampling!, Cancellation)).Draw);
        var greedy = detail.Sampling!.With(TemperatureStage.Temperature, 0);
        Assert.Equal(2, (await run.Review.CompareAsync(greedy, Cancellation)).Length);
        Assert.Equal(1, (await run.Review.InspectAsync(0, greedy, Cancellation)).Top.Count(candidate => candidate.SampledProbability > 0));
    }

    [Fact]
    public async Task A_score_asks_for_every_token_but_the_special_ones()
    {
        await using var bench = new ZooBench();
        var (_, end) = await bench.EndOf(Request("The cat sat.", RunTask.Score));
        Assert.Equal(end.Detail.Masked!.Scored, end.Detail.Steps.Select(step => step.Position));
        Assert.Equal("Thecatsat.", string.Concat(end.Detail.Steps.Select(step => step.Text)));
    }

    [Fact]
    public async Task A_masked_text_does_not_go_on_and_begins_anew()
    {
        await using var bench = new ZooBench();
        var request = Request("The [MASK] sat on the [MASK].", RunTask.Fill);
        var (first, _) = await bench.EndOf(request);
        var (again, end) = await bench.EndOf(request with { Seed = 4 }, first);
        Assert.Equal((2, 4ul), (end.Detail.Steps.Count, end.Detail.Seed));
        Assert.Equal(2, (await again.Review.CompareAsync(end.Detail.Sampling!, Cancellation)).Length);
    }

    [Theory]
    [InlineData("no mask here", RunTask.Fill, "[MASK]")]
    [InlineData("", RunTask.Score, "empty")]
    [InlineData("The [MASK].", RunTask.Continue, "masked model")]
    public async Task What_cannot_be_done_is_said(string text, RunTask task, string reason)
    {
        await using var bench = new ZooBench();
        var (_, end) = await bench.EndOf(Request(text, task));
        Assert.Equal((JobStatus.Failed, true), (end.Status, end.IsRefusal));
        Assert.Contains(reason, end.Error?.Text, StringComparison.Ordinal);
    }

    private static RunRequest Request(string text, RunTask? task) => new() { Model = "bert", Prompt = text, Task = task, Seed = 3 };
}
