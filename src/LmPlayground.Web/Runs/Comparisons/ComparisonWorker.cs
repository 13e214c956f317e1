using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Metrics;
using LmPlayground.Generation.Scoring;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;

namespace LmPlayground.Web.Runs.Comparisons;

/// <summary>Takes one comparison from its place in the queue to its end, and writes all that happens into its snapshot.</summary>
internal sealed partial class ComparisonWorker(
    IModelLoader models, GenerationEngine engine, RunOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Runs to the end, whatever it is. Never fails.</summary>
    internal async Task RunAsync(ComparisonJob job, RunQueue.Ticket ticket)
    {
        using (ticket)
        {
            try
            {
                await ticket.WaitAsync(job.Cancelled);
                await CompareAsync(job);
            }
            catch (OperationCanceledException)
            {
                job.Update(snapshot => snapshot with { Status = RunStatus.Finished, QueuePosition = 0 });
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
                job.Update(snapshot => snapshot with { Status = RunStatus.Failed, QueuePosition = 0, Error = RunErrors.Explain(exception) });
            }
        }
    }

    /// <summary>How one model finds a continuation. What it cannot score it says in words.</summary>
    internal async Task<ModelScore> ScoreAsync(string modelId, string prompt, string continuation, CancellationToken cancellationToken)
    {
        try
        {
            using var lease = await models.AcquireAsync(modelId, cancellationToken);
            var request = new ScoringRequest { Model = lease.Model.AsLanguageModel(), Prompt = prompt, Continuation = continuation };
            return new ModelScore(modelId, await new ScoringRun(engine, request).ToEndAsync(cancellationToken), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception);
            return new ModelScore(modelId, null, RunErrors.Explain(exception));
        }
    }

    private async Task CompareAsync(ComparisonJob job)
    {
        job.Update(snapshot => snapshot with { Status = RunStatus.LoadingModel });
        var request = job.Snapshot.Request;
        var leases = new List<ModelLease>();
        try
        {
            foreach (var column in request.Columns)
                leases.Add(await models.AcquireAsync(column.ModelId, job.Cancelled));
            await StreamAsync(job, [.. request.Columns.Zip(leases, (column, lease) => Request(job, column, lease.Model.AsLanguageModel()))]);
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    private async Task StreamAsync(ComparisonJob job, ImmutableArray<GenerationRequest> columns)
    {
        var run = job.Run = new ComparisonRun(engine, new ComparisonRequest { Columns = columns });
        LogStarted(logger, columns.Length);
        job.Update(snapshot => snapshot with { Status = RunStatus.ReadingPrompt });
        using var progress = time.CreateTimer(
            _ => job.Update(snapshot => snapshot with { PromptProgress = run.PromptProgress }),
            null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        try
        {
            await foreach (var _ in run.WithCancellation(job.Cancelled))
            {
                progress.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                Show(job, run);
            }
        }
        finally
        {
            Show(job, run);
            Measure(job, run);
        }

        job.Update(snapshot => snapshot with { Status = RunStatus.Finished });
        LogFinished(logger, columns.Length, run.ForwardPasses);
    }

    private GenerationRequest Request(ComparisonJob job, CompareColumn column, ILanguageModel model) => new()
    {
        Model = model,
        PromptIds = ChatPrompt.Of(model, job.Snapshot.Request.Prompt, null, null).Ids,
        Sampling = column.Sampling,
        Stopping = job.Snapshot.Request.Stopping,
        Seed = job.Snapshot.Seed,
        TopCandidates = options.TopCandidates,
    };

    private static void Show(ComparisonJob job, ComparisonRun run) => job.Update(snapshot => snapshot with
    {
        Status = RunStatus.Generating,
        PromptProgress = 1,
        ForwardPasses = (run.ForwardPasses, run.Columns.Sum(column => Math.Max(0, column.Steps.Count - 1))),
        Columns =
        [
            .. run.Columns.Select(column => new ColumnSnapshot
            {
                Steps = column.Steps,
                Summary = column.Summary,
                Error = column.Error is { } error ? RunErrors.Explain(error) : null,
                Difference = Earlier(snapshot, column.Index) ?? Difference(run, column.Index),
            }),
        ],
    });

    /// <summary>Where a column has parted from another it stays parted.</summary>
    private static int? Earlier(ComparisonSnapshot snapshot, int column) =>
        column < snapshot.Columns.Length ? snapshot.Columns[column].Difference : null;

    private static int? Difference(ComparisonRun run, int column) =>
        run.Columns.Where(other => other.Index != column).Min(other => run.DifferenceOf(column, other.Index));

    private static void Measure(ComparisonJob job, ComparisonRun run)
    {
        ImmutableArray<double?>[] metrics = [.. run.Columns.Select(column => RunMetrics.Of([column.Measured]))];
        job.Update(snapshot => snapshot with
        {
            Columns = [.. snapshot.Columns.Select((column, index) => column.Steps.IsEmpty ? column : column with { Metrics = metrics[index] })],
        });
    }

    // Prompts are never logged: only sizes are.
    [LoggerMessage(LogLevel.Information, "A comparison of {Columns} columns begins")]
    private static partial void LogStarted(ILogger logger, int columns);

    [LoggerMessage(LogLevel.Information, "A comparison of {Columns} columns ended after {Passes} passes")]
    private static partial void LogFinished(ILogger logger, int columns, int passes);

    [LoggerMessage(LogLevel.Warning, "A comparison failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
