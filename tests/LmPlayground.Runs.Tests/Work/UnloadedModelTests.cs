using LmPlayground.Models;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.Tests.Runs;

/// <summary>What-if on a finished run whose model has left memory.</summary>
public class UnloadedModelTests
{
    private static readonly SamplingOptions Other = new SamplingOptions().With(TopKStage.K, 3);

    [Fact]
    public async Task A_run_holds_its_model_until_it_ends()
    {
        using var bench = new RunBench();
        bench.HoldAfter(1);
        var run = bench.Manager.Start("page", RunBench.Request());
        await run.Until(snapshot => snapshot.Steps.Count == 1);
        Assert.Equal(1, bench.Leases);
        bench.Release();
        await run.Until(snapshot => !snapshot.IsActive);
        await bench.Manager.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, bench.Leases);
    }

    [Fact]
    public async Task Kept_logits_answer_without_the_model()
    {
        using var bench = new RunBench();
        var run = await FinishedAsync(bench);
        bench.Forget(contentHash: "another");
        Assert.Equal(3, (await run.CompareAsync(Other, TestContext.Current.CancellationToken)).Length);
        await run.InspectAsync(2, Other, TestContext.Current.CancellationToken);
        Assert.Equal(0, bench.Leases);
    }

    [Fact]
    public async Task A_step_that_was_let_go_is_computed_by_the_model_loaded_again()
    {
        using var bench = new RunBench(keptLogits: 0);
        var run = await FinishedAsync(bench);
        var before = await run.InspectAsync(2, Other, TestContext.Current.CancellationToken);
        bench.Forget();
        var after = await run.InspectAsync(2, Other, TestContext.Current.CancellationToken);
        Assert.Equal(before.Top, after.Top);
        Assert.Equal(before.Entropy, after.Entropy);
        Assert.Equal(0, bench.Leases);
        Assert.True(bench.Model.Forwards > 0);
    }

    [Fact]
    public async Task Files_that_changed_since_are_said_and_not_mixed_with_the_run()
    {
        using var bench = new RunBench(keptLogits: 0);
        var run = await FinishedAsync(bench);
        bench.Forget(contentHash: "another");
        var error = await Assert.ThrowsAsync<ModelUseException>(() => run.InspectAsync(2, Other, TestContext.Current.CancellationToken));
        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Leases);
    }

    private static async Task<Web.Runs.IRun> FinishedAsync(RunBench bench)
    {
        var run = bench.Manager.Start("page", RunBench.Request());
        await run.Until(snapshot => !snapshot.IsActive);

        // The lease ends after the snapshot says so.
        await bench.Manager.StopAsync(TestContext.Current.CancellationToken);
        return run;
    }
}
