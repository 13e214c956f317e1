using LmPlayground.Runs.Jobs;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Tests.Jobs;

public class WatcherTests
{
    [Fact]
    public async Task A_watcher_that_throws_harms_neither_the_others_nor_the_job()
    {
        await using var bench = new JobBench();
        var told = 0;
        var task = new GatedTask();
        var first = new GatedTask();
        bench.Start(first, "1");
        var job = bench.Start(task, "2");
        using var good = job.Subscribe(() => Interlocked.Increment(ref told));
        using var bad = job.Subscribe(() => throw new InvalidOperationException("watcher"));
        first.End();
        await task.Begun.Soon();
        Assert.True(told > 0);
        task.End();
        await job.Completion.Soon();
        Assert.Equal(JobStatus.Finished, job.Status);
        var complaints = bench.Log.Where(logged => logged.Level != LogLevel.Information).ToList();
        Assert.All(complaints, logged => Assert.Equal((LogLevel.Error, "watcher"), (logged.Level, logged.Exception!.Message)));
        // The good one may have been told once more, before the bad one came.
        Assert.InRange(complaints.Count, 1, told);
    }

    [Fact]
    public async Task A_watcher_may_go_bring_others_and_take_others_with_it_while_it_is_told()
    {
        await using var bench = new JobBench();
        var list = new WatcherList(bench.Time, bench);
        var calls = new List<string>();
        IDisposable? own = null, other = null, third = null;
        own = list.Add(() =>
        {
            calls.Add("own");
            own!.Dispose();
            other!.Dispose();
            third ??= list.Add(() => calls.Add("third"));
        });
        other = list.Add(() => calls.Add("other"));
        list.Notify();
        Assert.Equal(["own"], calls);
        list.Notify();
        Assert.Equal(["own", "third"], calls);
        other.Dispose();
        Assert.Equal(TimeSpan.Zero, list.Unwatched);
        third!.Dispose();
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        third.Dispose();
        Assert.Equal(TimeSpan.FromSeconds(5), list.Unwatched);
    }

    [Fact]
    public async Task One_action_subscribed_twice_is_told_until_both_subscriptions_are_gone()
    {
        await using var bench = new JobBench();
        var list = new WatcherList(bench.Time, bench);
        var told = 0;
        Action changed = () => told++;
        var first = list.Add(changed);
        using var second = list.Add(changed);
        first.Dispose();
        first.Dispose();
        list.Notify();
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task Snapshots_stream_up_to_the_final_one_and_stopping_early_leaves_the_job_running()
    {
        await using var bench = new JobBench();
        var task = new GatedTask();
        var job = bench.Start(task);
        await job.Until(snapshot => snapshot.Detail == 2);
        Assert.True(job.IsActive);

        var seen = new List<JobSnapshot<int>>();
        await foreach (var snapshot in job.SnapshotsAsync(TestContext.Current.CancellationToken))
        {
            seen.Add(snapshot);
            task.End();
        }

        Assert.Equal(JobStatus.Finished, seen[^1].Status);
        Assert.Same(job.Snapshot, seen[^1]);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), job.Unwatched);
    }
}
