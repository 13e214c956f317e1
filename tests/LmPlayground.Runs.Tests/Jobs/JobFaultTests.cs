using LmPlayground.Runs.Jobs;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Tests.Jobs;

/// <summary>What goes wrong in a task, and who hears of it.</summary>
public class JobFaultTests
{
    [Fact]
    public async Task An_unforeseen_error_fails_the_job_and_is_logged_once_with_the_exception()
    {
        await using var bench = new JobBench();
        var task = new GatedTask();
        var job = bench.Start(task);
        await task.Begun.Soon();
        task.Fail(new InvalidOperationException("broken"));
        await job.Completion.Soon();
        Assert.Equal((JobStatus.Failed, "Explained: broken"), (job.Status, job.Snapshot.Error?.Text));
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
        Assert.Equal((JobStatus.Failed, "Explained: timed out"), (job.Status, job.Snapshot.Error?.Text));
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
