using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Tests.Jobs;

namespace LmPlayground.Runs.Tests.Work;

public class RunMemoryTests
{
    [Fact]
    public async Task A_run_whose_steps_find_no_room_ends_with_what_it_has_and_others_go_on()
    {
        await using var bench = new RunBench(new JobOptions { MaxConcurrent = 2, MemoryLimit = 50_000 });
        using var watch = bench.Manager.StartRun("small", RunBench.Request()).Job.Subscribe(() => { });
        var small = bench.Manager.FindRun("small")!.Job;
        await small.End();
        var large = await bench.EndOf(RunBench.Request(tokens: 400), "large");
        Assert.Equal((JobStatus.Failed, false), (large.Status, large.IsRefusal));
        Assert.Contains("fewer tokens", large.Error, StringComparison.Ordinal);
        Assert.InRange(large.Detail.Steps.Count, 2, 399);
        Assert.NotNull(large.Detail.Summary);
        Assert.Equal((JobStatus.Finished, 3), (small.Status, small.Snapshot.Detail.Steps.Count));

        // What the failed run keeps gives way to the next one.
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        var next = await bench.EndOf(RunBench.Request(), "next");
        Assert.Equal((JobStatus.Finished, 3, 0), (next.Status, next.Detail.Steps.Count, bench.Leases));
        Assert.Null(bench.Manager.FindRun("large"));
        Assert.InRange(bench.Memory.Used, 1, bench.Memory.Limit);
    }

    [Fact]
    public async Task Kept_logits_give_way_to_steps_and_are_computed_again()
    {
        await using var bench = new RunBench(new JobOptions { MaxConcurrent = 1, MemoryLimit = 100_000 });
        var run = bench.Manager.StartRun("page", RunBench.Request());
        var end = await run.Job.End();
        var cancellation = TestContext.Current.CancellationToken;
        var forwards = bench.Model.Forwards;
        await run.Review.InspectAsync(2, RunBench.Sampling, cancellation);
        Assert.Equal(forwards, bench.Model.Forwards);
        bench.Memory.Open("other").Add(bench.Memory.Limit - bench.Memory.Used);
        var again = await run.Review.InspectAsync(2, RunBench.Sampling, cancellation);
        Assert.True(bench.Model.Forwards > forwards);
        Assert.Equal(end.Detail.Steps[2].Top, again.Top);
    }
}
