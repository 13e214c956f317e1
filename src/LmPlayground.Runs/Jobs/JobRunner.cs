using LmPlayground.Runs.Messages;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Jobs;

/// <summary>Takes one job from its place in the queue to its end, which it logs in one line, whatever it is.</summary>
internal sealed partial class JobRunner(TimeProvider time, ILogger logger)
{
    /// <summary>Runs to the end, whatever it is. Never fails.</summary>
    /// <param name="job">The job.</param>
    /// <param name="ticket">Its place in the queue, which is left.</param>
    /// <param name="earlier">What has to be at rest before it begins: a completion that never fails.</param>
    internal async Task RunAsync<TDetail>(Job<TDetail> job, JobQueue.Ticket ticket, Task earlier)
    {
        Func<JobSnapshot<TDetail>, JobSnapshot<TDetail>> end;
        using (ticket)
            end = await EndOfAsync(job, ticket, earlier);

        // The turn is over before anyone reads of the end: who starts the next job then does not wait for this one.
        job.Change(end);
    }

    /// <summary>Ends a job that gets no turn, and says why: to who asked, and in the log.</summary>
    internal void Refuse<TDetail>(Job<TDetail> job, Message why)
    {
        job.Change(snapshot => snapshot with { Status = JobStatus.Failed, Error = why });
        LogNotBegun(logger, Describe(job.Task, job.Snapshot.Detail), why.Text);
    }

    private async Task<Func<JobSnapshot<TDetail>, JobSnapshot<TDetail>>> EndOfAsync<TDetail>(Job<TDetail> job, JobQueue.Ticket ticket, Task earlier)
    {
        var since = time.GetTimestamp();
        try
        {
            await ticket.Turn;
            await earlier.WaitAsync(job.Cancelled);
            job.Cancelled.ThrowIfCancellationRequested();

            // Not before: what the job that it replaces has kept is given back by now.
            job.Account(job.Task.InitialBytes);
            job.Change(snapshot => snapshot with { Status = JobStatus.Working });
            await job.Task.RunAsync(new JobContext<TDetail>(job));
            LogEnded(logger, Describe(job.Task, job.Snapshot.Detail), "finished", Seconds(since));
            return snapshot => snapshot with { Status = JobStatus.Finished };
        }
        catch (OperationCanceledException) when (job.Cancelled.IsCancellationRequested)
        {
            var left = AfterCancel(job);
            LogEnded(logger, Describe(job.Task, left), "cancelled", Seconds(since));
            return snapshot => snapshot with { Status = JobStatus.Finished, Detail = left };
        }
        catch (Exception exception)
        {
            var (error, isRefusal) = Explain(job, exception, since);
            return snapshot => snapshot with { Status = JobStatus.Failed, Error = error, IsRefusal = isRefusal };
        }
    }

    private TDetail AfterCancel<TDetail>(Job<TDetail> job)
    {
        var detail = job.Snapshot.Detail;
        try
        {
            return job.Task.AfterCancel(detail);
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
            return detail;
        }
    }

    private double Seconds(long since) => time.GetElapsedTime(since).TotalSeconds;

    private string Describe<TDetail>(IJobTask<TDetail> task, TDetail detail)
    {
        try
        {
            return task.Describe(detail);
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
            return "A job";
        }
    }

    /// <summary>Logs an error and puts it in words.</summary>
    private (Message Error, bool IsRefusal) Explain<TDetail>(Job<TDetail> job, Exception exception, long since)
    {
        var task = job.Task;
        try
        {
            if (exception is MemoryLimitException memory)
            {
                LogEnded(logger, Describe(task, job.Snapshot.Detail), "out of the memory for runs", Seconds(since));
                return (memory.Explanation, false);
            }

            var isRefusal = task.IsRefusal(exception);
            if (isRefusal)
                LogEnded(logger, Describe(task, job.Snapshot.Detail), "refused", Seconds(since));
            else
                LogEndedBadly(logger, Describe(task, job.Snapshot.Detail), Seconds(since), exception);
            return (task.Explain(exception), isRefusal);
        }
        catch (Exception unexplained)
        {
            LogFailed(logger, unexplained);
            return (Message.Of("server.unexplained", $"The server failed in a way it did not expect; its log has the details."), false);
        }
    }

    // Neither what is asked for nor whose it is is ever logged.
    [LoggerMessage(LogLevel.Information, "{Work} ended: {Outcome} after {Seconds:0.0} s")]
    private static partial void LogEnded(ILogger logger, string work, string outcome, double seconds);

    [LoggerMessage(LogLevel.Warning, "{Work} ended: failed after {Seconds:0.0} s")]
    private static partial void LogEndedBadly(ILogger logger, string work, double seconds, Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Work} was not begun: {Why}")]
    private static partial void LogNotBegun(ILogger logger, string work, string why);

    [LoggerMessage(LogLevel.Warning, "A job failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
