using LmPlayground.Runs.Jobs;

namespace LmPlayground.Runs.Tests.Jobs;

/// <summary>A job in the place of an earlier one under its key: when it begins, and what becomes of what that one holds.</summary>
public class JobReplacementTests
{
    [Fact]
    public async Task A_new_job_begins_only_when_the_one_that_it_replaces_rests()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 3 });
        var stubborn = new GatedTask { IgnoresCancellation = true };
        var first = bench.Start(stubborn);
        await stubborn.Begun.Soon();
        var next = new GatedTask();
        var second = bench.Start(next);
        var other = new GatedTask();
        bench.Start(other, "other");
        await other.Begun.Soon();
        Assert.Same(second, bench.Manager.Find(JobBench.Key()));
        Assert.True(stubborn.Context!.Cancelled.IsCancellationRequested);
        Assert.Equal((false, JobStatus.Queued, 0), (next.Begun.IsCompleted, second.Status, stubborn.Disposed));
        stubborn.End();
        await next.Begun.Soon();
        Assert.Equal((JobStatus.Finished, 1), (first.Status, stubborn.Disposed));
        Assert.True(other.Context!.Snapshot.IsActive);
    }

    [Fact]
    public async Task A_job_cancelled_while_it_waits_for_its_predecessor_shows_its_end_at_once_and_rests_with_it()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 2 });
        var stubborn = new GatedTask { IgnoresCancellation = true };
        bench.Start(stubborn);
        await stubborn.Begun.Soon();
        var second = bench.Start(new GatedTask());
        second.Cancel();
        await second.Until(snapshot => !snapshot.IsActive);
        Assert.False(second.Completion.IsCompleted);
        var other = new GatedTask();
        bench.Start(other, "other");
        await other.Begun.Soon();
        stubborn.End();
        await second.Completion.Soon();
        Assert.Equal((JobStatus.Finished, -1, 1), (second.Status, second.Snapshot.Detail, stubborn.Disposed));
    }

    [Fact]
    public async Task A_job_replaced_while_queued_frees_its_place_for_the_new_one()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 1, MaxQueued = 1 });
        var first = new GatedTask();
        bench.Start(first, "1");
        var replaced = new GatedTask();
        var queued = bench.Start(replaced, "2");
        var next = new GatedTask();
        var second = bench.Start(next, "2");
        Assert.Equal((JobStatus.Queued, 1), (second.Status, second.Snapshot.QueuePosition));
        var refused = bench.Start(new GatedTask(), "3");
        Assert.Equal(JobStatus.Failed, refused.Status);
        Assert.Contains("queue of 1 is full", refused.Snapshot.Error?.Text, StringComparison.Ordinal);
        Assert.Contains(bench.Log, line => line.Text.StartsWith("A job (1) was not begun: The server is busy", StringComparison.Ordinal));
        first.End();
        await next.Begun.Soon();
        Assert.Equal((JobStatus.Finished, false, 1), (queued.Status, replaced.Begun.IsCompleted, replaced.Disposed));
    }

    [Fact]
    public async Task A_job_that_continues_takes_over_what_the_earlier_one_holds()
    {
        await using var bench = new JobBench();
        var (first, task) = await bench.Ended("page", bytes: 100);
        var next = new GatedTask { Bytes = 10 };
        var second = bench.Start(next, continues: first);
        await next.Begun.Soon();
        Assert.Equal((0, 110L, 110L), (task.Disposed, next.Context!.Accounted, bench.Manager.Memory.Used));
        next.End();
        await second.Completion.Soon();
        Assert.True(bench.Manager.Forget(JobBench.Key()));
        Assert.False(bench.Manager.Forget(JobBench.Key()));
        Assert.Equal((1, 1, 0L), (task.Disposed, next.Disposed, bench.Manager.Memory.Used));
    }

    [Fact]
    public async Task What_was_taken_over_is_kept_though_the_new_job_is_refused_or_cancelled()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 1, MaxQueued = 0 });
        var (first, task) = await bench.Ended("page", bytes: 100);
        bench.Start(new GatedTask(), "other");
        var refused = bench.Start(new GatedTask(), continues: first);
        await refused.Completion.Soon();
        Assert.Equal((JobStatus.Failed, 0, 100L), (refused.Status, task.Disposed, bench.Manager.Memory.Used));
        var next = bench.Start(new GatedTask());
        await next.Completion.Soon();
        Assert.Equal((1, 0L), (task.Disposed, bench.Manager.Memory.Used));
    }
}
