using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Metrics;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Planning;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Work;

/// <summary>A comparison: strategies or models side by side on the same random numbers. Its columns can be looked at again while it is kept.</summary>
public sealed partial class ComparisonWork : IJobTask<ComparisonDetail>, IComparisonReview
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(100);

    private readonly WorkServices _services;
    private volatile ComparisonRun? _run;

    /// <summary>A comparison that begins when its turn comes.</summary>
    /// <param name="request">What all columns share, and what each of them changes.</param>
    /// <param name="services">What it is done with.</param>
    public ComparisonWork(RunRequest request, WorkServices services)
    {
        _services = services;
        var settled = services.Planner.Settle(request);
        Initial = new ComparisonDetail
        {
            Request = settled,
            Columns = [.. settled.Columns.Select(column => new ColumnDetail { Request = settled.Without(RunSettings.Columns).With(column) })],
        };
    }

    /// <inheritdoc/>
    public ComparisonDetail Initial { get; }

    /// <inheritdoc/>
    public long InitialBytes => RequestSize.Of(Initial.Request);

    /// <inheritdoc/>
    public async Task RunAsync(JobContext<ComparisonDetail> job)
    {
        job.Update(snapshot => snapshot with { Status = JobStatus.LoadingModel });
        var leases = new List<ModelLease>();
        try
        {
            foreach (var column in Initial.Columns)
                leases.Add(await _services.Models.AcquireAsync(column.Request.Model ?? throw new PromptException("column.no_model", $"A column has no model: choose one."), job.Cancelled));
            await CompareAsync(job, [.. Initial.Columns.Zip(leases, (column, lease) => Plan(column.Request, lease.Model.AsLanguageModel()))]);
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    /// <inheritdoc/>
    public string Describe(ComparisonDetail detail) =>
        string.Create(CultureInfo.InvariantCulture, $"A comparison of {detail.Columns.Length} columns ({detail.ForwardPasses.Made} passes)");

    /// <inheritdoc/>
    public Message Explain(Exception exception) => WorkErrors.Explain(exception);

    /// <inheritdoc/>
    public bool IsRefusal(Exception exception) => WorkErrors.IsRefusal(exception);

    /// <inheritdoc/>
    public async Task<ColumnDistance?> DistanceAsync(int left, int right, int index, CancellationToken cancellationToken = default)
    {
        if (_run is not { } run)
            return null;
        using var leftLease = await AcquireAsync(run, left, cancellationToken);
        using var rightLease = await AcquireAsync(run, right, cancellationToken);
        return await Task.Run(
            () => run.Distance(Review(run, left, leftLease), left, Review(run, right, rightLease), right, index, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<EmpiricalCheck> CheckAsync(int column, int index, int draws, CancellationToken cancellationToken = default)
    {
        var run = _run ?? throw new InvalidOperationException("There is no token yet.");
        using var lease = await AcquireAsync(run, column, cancellationToken);
        return await Task.Run(() => Review(run, column, lease).Check(index, draws, cancellationToken: cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<float[]> LogitsAsync(int column, int index, CancellationToken cancellationToken = default)
    {
        var run = _run ?? throw new InvalidOperationException("There is no token yet.");
        using var lease = await AcquireAsync(run, column, cancellationToken);
        return await Task.Run(() => Review(run, column, lease).LogitsOf(index, cancellationToken), cancellationToken);
    }

    /// <summary>Lets the logits go; asked for again, they are computed again.</summary>
    public void Dispose() => _run?.Dispose();

    private static RunReview Review(ComparisonRun run, int column, ModelLease lease) => new(run.Review(column), lease.Model.AsLanguageModel());

    private GenerationRequest Plan(RunRequest column, ILanguageModel model) =>
        _services.Planner.Continuation(column, model, RunPlanner.Prompt(column, model).Ids);

    /// <summary>A column's model, which may have been unloaded since the comparison ended.</summary>
    private Task<ModelLease> AcquireAsync(ComparisonRun run, int column, CancellationToken cancellationToken) =>
        _services.Models.AcquireUnchangedAsync(run.Columns[column].Request.Model.Card, cancellationToken);

    private async Task CompareAsync(JobContext<ComparisonDetail> job, ImmutableArray<GenerationRequest> columns)
    {
        var run = _run = new ComparisonRun(_services.Engine, new ComparisonRequest { Columns = columns });
        LogStarted(_services.Logger, columns.Length);
        job.Update(snapshot => snapshot with { Status = JobStatus.ReadingPrompt });
        using var progress = _services.Time.CreateTimer(
            _ => job.Update(snapshot => snapshot with { Progress = run.PromptProgress }), null, ProgressEvery, ProgressEvery);
        try
        {
            await foreach (var round in run.WithCancellation(job.Cancelled))
            {
                progress.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                Show(job, run);
                job.Account(round.Steps.Sum(step => step is null ? 0 : TokenStepSize.Of(step)));
            }
        }
        finally
        {
            Show(job, run);
            Measure(job, run);
            foreach (var error in run.Columns.Select(column => column.Error).OfType<Exception>().Where(error => !WorkErrors.IsRefusal(error)).Distinct())
                LogColumnFailed(_services.Logger, error);
        }
    }

    private static void Show(JobContext<ComparisonDetail> job, ComparisonRun run) => job.Update(snapshot => snapshot with
    {
        Status = JobStatus.Working,
        Progress = 1,
        Detail = snapshot.Detail with
        {
            ForwardPasses = (run.ForwardPasses, run.Columns.Sum(column => Math.Max(0, column.Steps.Count - 1))),
            Forks = run.Forks,
            FirstDifference = snapshot.Detail.FirstDifference ?? run.FirstDifference,
            Columns = [.. snapshot.Detail.Columns.Zip(run.Columns, (shown, column) => Now(shown, column, run))],
        },
    });

    /// <summary>A column as it stands now. Where it has parted from another it stays parted.</summary>
    private static ColumnDetail Now(ColumnDetail shown, ComparisonColumn column, ComparisonRun run) => shown with
    {
        Sampling = column.Request.Sampling,
        Card = column.Request.Model.Card,
        PromptIds = column.Request.PromptIds,
        PromptTokens = column.Request.PromptIds.Length,
        Steps = column.Steps,
        Summary = column.Summary,
        Error = column.Error is { } error ? WorkErrors.Explain(error) : null,
        Difference = shown.Difference ?? run.Columns.Where(other => other != column).Min(other => run.DifferenceOf(column.Index, other.Index)),
        DifferenceFromFirst = shown.DifferenceFromFirst ?? (column.Index == 0 ? null : run.DifferenceOf(column.Index, 0)),
    };

    private static void Measure(JobContext<ComparisonDetail> job, ComparisonRun run)
    {
        MeasuredRun[] measured = [.. run.Columns.Select(column => column.Measured)];
        ImmutableArray<double?>[] metrics = [.. measured.Select(column => RunMetrics.Of([column]))];
        var together = RunMetrics.Of(measured);
        job.Update(snapshot => snapshot with
        {
            Detail = snapshot.Detail with
            {
                MetricsTogether = together,
                Columns = [.. snapshot.Detail.Columns.Select((column, index) => column.Steps.IsEmpty ? column : column with { Metrics = metrics[index] })],
            },
        });
    }

    // Prompts are never logged: only sizes are.
    [LoggerMessage(LogLevel.Information, "A comparison of {Columns} columns begins")]
    private static partial void LogStarted(ILogger logger, int columns);

    [LoggerMessage(LogLevel.Warning, "A column failed")]
    private static partial void LogColumnFailed(ILogger logger, Exception exception);
}
