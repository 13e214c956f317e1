using LmPlayground.Runs.Jobs;

namespace LmPlayground.Runs.Tests.Jobs;

public class JobManagerTests
{
    [Fact]
    public async Task A_job_goes_to_its_end_and_is_found_again()
    {
        await using var bench = new JobBench();
        var task = new GatedTask();
        var job = bench.Start(task);
        await task.Begun.Soon();
        Assert.Equal((JobStatus.Working, 0, 2, true), (job.Status, job.Snapshot.QueuePosition, job.Snapshot.Detail, job.IsActive));
        task.End();
        await job.Completion.Soon();
        Assert.Equal((JobStatus.Finished, 2, null), (job.Status, job.Snapshot.Detail, job.Snapshot.Error));
        Assert.Same(job, bench.Manager.Find(JobBench.Key()));
        Assert.Null(bench.Manager.Find(JobBench.Key("another page")));
        Assert.Equal(0, task.Disposed);
    }

    [Fact]
    public async Task The_end_of_every_job_is_one_line_of_the_log_whatever_it_is()
    {
        await using var bench = new JobBench();
        var (finished, cancelled, refused, failed, waiting) =
            (new GatedTask(), new GatedTask(), new GatedTask { IsRefused = true }, new GatedTask(), new GatedTask());
        async Task EndAsync(GatedTask task, Action<IJob<int>> end)
        {
            var job = bench.Start(task, Guid.NewGuid().ToString());
            await task.Begun.Soon();
            bench.Time.Advance(TimeSpan.FromSeconds(1.5));
            end(job);
            await job.Completion.Soon();
        }

        await EndAsync(finished, _ => finished.End());
        await EndAsync(cancelled, job => job.Cancel());
        await EndAsync(refused, _ => refused.Fail(new InvalidOperationException("secret")));
        await EndAsync(failed, job =>
        {
            // One that never had its turn ends too.
            var queued = bench.Start(waiting, "waits");
            queued.Cancel();
            SpinWait.SpinUntil(() => queued.Completion.IsCompleted);
            failed.Fail(new InvalidOperationException("broken"));
        });
        Assert.Equal(
            [
                "A job (2) ended: finished after 1.5 s", "A job (-2) ended: cancelled after 1.5 s", "A job (2) ended: refused after 1.5 s",
                "A job (-1) ended: cancelled after 0.0 s", "A job (2) ended: failed after 1.5 s",
            ],
            bench.Log.Select(line => line.Text));
        Assert.Equal(["broken"], bench.Log.Select(line => line.Exception?.Message).OfType<string>());
    }

    [Fact]
    public async Task A_job_cancelled_while_queued_leaves_at_once_and_never_begins()
    {
        await using var bench = new JobBench();
        var first = new GatedTask();
        bench.Start(first, "1");
        var second = new GatedTask();
        var waiting = bench.Start(second, "2");
        var last = bench.Start(new GatedTask(), "3");
        Assert.Equal((1, 2), (waiting.Snapshot.QueuePosition, last.Snapshot.QueuePosition));
        waiting.Cancel();
        Assert.Equal((0, 1), (waiting.Snapshot.QueuePosition, last.Snapshot.QueuePosition));
        await waiting.Completion.Soon();
        Assert.Equal((JobStatus.Finished, -1), (waiting.Status, waiting.Snapshot.Detail));
        Assert.False(second.Begun.IsCompleted);
    }

    [Fact]
    public async Task A_job_cancelled_at_the_moment_of_its_turn_gives_the_turn_on()
    {
        await using var bench = new JobBench();
        var first = new GatedTask();
        bench.Start(first, "1");
        var second = bench.Start(new GatedTask(), "2");
        var third = new GatedTask();
        bench.Start(third, "3");
        using var watch = second.Subscribe(() =>
        {
            if (second.Snapshot.QueuePosition == 0)
                second.Cancel();
        });
        first.End();
        await third.Begun.Soon();
        await second.Completion.Soon();
        Assert.Equal(JobStatus.Finished, second.Status);
    }

    [Fact]
    public async Task Runs_and_downloads_do_not_wait_for_each_other()
    {
        await using var bench = new JobBench();
        for (var i = 0; i < 100; i++)
            bench.Start(new GatedTask(), $"{i}");
        var download = new GatedTask();
        bench.Download(download, "a");
        await download.Begun.Soon();
        for (var i = 0; i < 100; i++)
            bench.Download(new GatedTask(), $"{i}");
        bench.Manager.List(lifetime: JobLifetime.Watched).ToList().ForEach(job => job.Cancel());
        var run = new GatedTask();
        bench.Start(run);
        await run.Begun.Soon();
    }

    [Fact]
    public async Task Jobs_of_the_server_go_on_unwatched_others_end_and_are_forgotten()
    {
        await using var bench = new JobBench();
        var (run, download) = (new GatedTask(), new GatedTask());
        var watched = bench.Start(run);
        var server = bench.Download(download, "a");
        await Task.WhenAll(run.Begun, download.Begun).Soon();
        watched.Subscribe(() => { }).Dispose();
        bench.Time.Advance(TimeSpan.FromSeconds(19));
        bench.Manager.Sweep();
        Assert.False(run.Context!.Cancelled.IsCancellationRequested);
        using (watched.Subscribe(() => { }))
        {
            bench.Time.Advance(TimeSpan.FromHours(1));
            Assert.False(run.Context.Cancelled.IsCancellationRequested);
        }

        bench.Time.Advance(TimeSpan.FromSeconds(25));
        await watched.Completion.Soon();
        bench.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(1, run.Disposed);
        Assert.Equal([server], bench.Manager.List());
        Assert.True(server.IsActive);
    }

    [Fact]
    public async Task A_download_is_forgotten_when_it_is_done_and_stays_when_it_fails()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrentDownloads = 2 });
        var changes = 0;
        using var watch = bench.Manager.Subscribe(() => Interlocked.Increment(ref changes));
        var (done, failed) = (new GatedTask(), new GatedTask());
        var first = bench.Download(done, "a");
        var second = bench.Download(failed, "b");
        await Task.WhenAll(done.Begun, failed.Begun).Soon();
        var joined = new GatedTask();
        Assert.Same(second, bench.Download(joined, "b", joins: true));
        Assert.Equal((1, false, 2), (joined.Disposed, joined.Begun.IsCompleted, changes));

        done.End();
        failed.Fail(new IOException("The disk is full."));
        await Task.WhenAll(first.Completion, second.Completion).Soon();
        bench.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal([second], bench.Manager.List("server"));
        Assert.Equal("Explained: The disk is full.", second.Snapshot.Error?.Text);

        var again = new GatedTask();
        var third = bench.Download(again, "b", joins: true);
        await again.Begun.Soon();
        Assert.NotSame(second, third);
        Assert.False(bench.Manager.Forget(third.Key));
        again.Fail(new IOException("Again."));
        await third.Completion.Soon();
        Assert.True(bench.Manager.Forget(third.Key));
        Assert.Empty(bench.Manager.List());
    }

    [Fact]
    public async Task Finished_jobs_are_kept_for_a_while_and_up_to_a_number()
    {
        await using var bench = new JobBench(new JobOptions { MaxRetained = 2 });
        foreach (var page in new[] { "1", "2", "3" })
        {
            await bench.Ended(page);
            bench.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["2", "3"], bench.Manager.List().Select(job => job.Key.Owner));
        bench.Time.Advance(TimeSpan.FromMinutes(28.5));
        Assert.Equal(["3"], bench.Manager.List().Select(job => job.Key.Owner));
    }

    [Fact]
    public async Task Draining_ends_all_jobs_and_begins_no_other()
    {
        await using var bench = new JobBench();
        var running = new GatedTask();
        var first = bench.Start(running, "1");
        await running.Begun.Soon();
        var queued = bench.Start(new GatedTask(), "2");
        await bench.Manager.DrainAsync().Soon();
        Assert.False(first.IsActive || queued.IsActive);
        var late = new GatedTask();
        var refused = bench.Start(late, "3");
        await refused.Completion.Soon();
        Assert.Contains("shutting down", refused.Snapshot.Error?.Text, StringComparison.Ordinal);
        Assert.Equal((JobStatus.Failed, 1, null), (refused.Status, late.Disposed, bench.Manager.Find(refused.Key)));
    }

    [Fact]
    public async Task Draining_waits_for_the_stubborn_also_if_replaced_as_long_as_it_may()
    {
        await using var bench = new JobBench();
        var stubborn = new GatedTask { IgnoresCancellation = true };
        bench.Start(stubborn);
        await stubborn.Begun.Soon();
        bench.Start(new GatedTask());
        using var patience = new CancellationTokenSource();
        var drained = bench.Manager.DrainAsync(patience.Token);
        Assert.False(drained.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drained.Soon());
        var again = bench.Manager.DrainAsync();
        Assert.False(again.IsCompleted);
        stubborn.End();
        await again.Soon();
    }

    [Fact]
    public async Task Disposing_twice_lets_go_of_everything_once()
    {
        var bench = new JobBench();
        var (_, ended) = await bench.Ended("1", bytes: 5);
        var running = new GatedTask { Bytes = 7 };
        var job = bench.Start(running, "2");
        await running.Begun.Soon();
        await bench.DisposeAsync();
        await bench.DisposeAsync();
        await job.Completion.Soon();
        await bench.Manager.DrainAsync().Soon();
        Assert.Equal(1, ended.Disposed);
        Assert.Empty(bench.Manager.List());
        job.Cancel();
    }
}
