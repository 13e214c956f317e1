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
        Assert.Contains("fewer tokens", large.Error?.Text, StringComparison.Ordinal);
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

    [Theory]
    [InlineData(1_000, JobStatus.Finished)]
    [InlineData(3_000, JobStatus.Failed)]
    public async Task A_scoring_is_counted_token_by_token_and_ends_at_the_limit(int characters, JobStatus status)
    {
        await using var bench = new RunBench(new JobOptions { MaxConcurrent = 1, MemoryLimit = 100_000 });
        bench.Model.Card = bench.Model.Card with { ContextLength = null };
        var request = RunBench.Request() with { Continuation = new string('x', characters), Columns = [new RunRequest()] };
        var job = bench.Manager.StartScoring("page", request);
        using var watched = job.Subscribe(() => { });
        var end = await job.End();
        Assert.Equal(status, end.Status);
        Assert.InRange(bench.Memory.Used, characters * 20, bench.Memory.Limit);
        if (status == JobStatus.Failed)
        {
            Assert.Contains("memory for runs", end.Error?.Text, StringComparison.Ordinal);
            Assert.Empty(end.Detail.Scores);
            Assert.InRange(bench.Model.Forwards, 2, characters - 1);
        }

        // What it has taken goes with it.
        var next = await bench.Manager.StartScoring("page", request with { Continuation = " upon" }).End();
        Assert.Equal((JobStatus.Finished, 0), (next.Status, bench.Leases));
        Assert.InRange(bench.Memory.Used, 1, 1_000);
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
