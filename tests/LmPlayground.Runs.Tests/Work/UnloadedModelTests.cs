using LmPlayground.Models;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>What-if on a finished run whose model has left memory.</summary>
public class UnloadedModelTests
{
    private static readonly SamplingOptions Other = new SamplingOptions().With(TopKStage.K, 3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_holds_its_model_until_it_ends()
    {
        await using var bench = new RunBench();
        bench.HoldAfter(1);
        var job = bench.Manager.StartRun("page", RunBench.Request()).Job;
        await job.Until(snapshot => snapshot.Detail.Steps.Count == 1);
        Assert.Equal(1, bench.Leases);
        bench.Release();
        await job.End();
        Assert.Equal(0, bench.Leases);
    }

    [Fact]
    public async Task Kept_logits_answer_without_the_model()
    {
        await using var bench = new RunBench();
        var review = await FinishedAsync(bench);
        bench.Forget(contentHash: "another");
        Assert.Equal(3, (await review.CompareAsync(Other, Cancellation)).Length);
        await review.InspectAsync(2, Other, Cancellation);
        Assert.Equal((0, 0), (bench.Leases, bench.Model.Forwards));
    }

    [Fact]
    public async Task A_step_that_was_let_go_is_computed_by_the_model_loaded_again()
    {
        await using var bench = new RunBench(keptLogits: 0);
        var review = await FinishedAsync(bench);
        var before = await review.InspectAsync(2, Other, Cancellation);
        bench.Forget();
        var after = await review.InspectAsync(2, Other, Cancellation);
        Assert.Equal(before.Top, after.Top);
        Assert.Equal(before.Entropy, after.Entropy);
        Assert.Equal(0, bench.Leases);
        Assert.True(bench.Model.Forwards > 0);
    }

    [Fact]
    public async Task Files_that_changed_since_are_said_and_not_mixed_with_the_run()
    {
        await using var bench = new RunBench(keptLogits: 0);
        var review = await FinishedAsync(bench);
        bench.Forget(contentHash: "another");
        var error = await Assert.ThrowsAsync<ModelUseException>(() => review.InspectAsync(2, Other, Cancellation));
        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Leases);
    }

    private static async Task<IRunReview> FinishedAsync(RunBench bench)
    {
        var run = bench.Manager.StartRun("page", RunBench.Request());
        await run.Job.End();
        return run.Review;
    }
}
