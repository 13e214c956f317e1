using LmPlayground.Runs.Jobs;
using Microsoft.Extensions.Logging;

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
        Assert.Contains("queue of 1 is full", refused.Snapshot.Error, StringComparison.Ordinal);
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
        Assert.Equal("Explained: The disk is full.", second.Snapshot.Error);

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
        Assert.Contains("shutting down", refused.Snapshot.Error, StringComparison.Ordinal);
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

    [Fact]
    public async Task An_unforeseen_error_fails_the_job_and_is_logged_once_with_the_exception()
    {
        await using var bench = new JobBench();
        var task = new GatedTask();
        var job = bench.Start(task);
        await task.Begun.Soon();
        task.Fail(new InvalidOperationException("broken"));
        await job.Completion.Soon();
        Assert.Equal((JobStatus.Failed, "Explained: broken"), (job.Status, job.Snapshot.Error));
        var logged = Assert.Single(bench.Log);
        Assert.Equal((LogLevel.Warning, "broken"), (logged.Level, logged.Exception!.Message));
    }

    [Fact]
    public async Task A_refusal_is_logged_without_the_exception_and_without_the_key()
    {
        await using var bench = new JobBench();
        var task = new GatedTask { IsRefused = true };
        var job = bench.Start(task, "secret");
        await task.Begun.Soon();
        task.Fail(new InvalidOperationException("secret prompt"));
        await job.Completion.Soon();
        Assert.Equal(JobStatus.Failed, job.Status);
        var logged = Assert.Single(bench.Log);
        Assert.Equal((LogLevel.Information, null), (logged.Level, logged.Exception));
        Assert.DoesNotContain("secret", logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        await using var bench = new JobBench();
        var task = new GatedTask();
        var job = bench.Start(task);
        await task.Begun.Soon();
        task.Fail(new OperationCanceledException("timed out"));
        await job.Completion.Soon();
        Assert.Equal((JobStatus.Failed, "Explained: timed out"), (job.Status, job.Snapshot.Error));
    }

    [Fact]
    public async Task A_late_report_changes_nothing_and_a_task_does_not_end_its_job_by_a_report()
    {
        await using var bench = new JobBench();
        var (job, task) = await bench.Ended("page");
        var end = job.Snapshot;
        task.Context!.Update(snapshot => snapshot with { Status = JobStatus.Working, Detail = 9 });
        Assert.Same(end, job.Snapshot);

        var forward = bench.Start(new GatedTask { Work = context => context.Update(snapshot => snapshot with { Status = JobStatus.Finished }) });
        await forward.Completion.Soon();
        Assert.Equal((JobStatus.Failed, 1), (forward.Status, forward.Snapshot.Detail));
    }

    [Fact]
    public async Task What_a_task_does_when_it_is_cancelled_does_not_harm_who_cancels()
    {
        await using var bench = new JobBench();
        var task = new GatedTask { Work = context => context.Cancelled.Register(() => throw new InvalidOperationException("callback")) };
        var job = bench.Start(task);
        await task.Begun.Soon();
        job.Cancel();
        await job.Completion.Soon();
        Assert.Equal((JobStatus.Finished, -2), (job.Status, job.Snapshot.Detail));
    }
}
