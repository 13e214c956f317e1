using LmPlayground.Runs.Jobs;

namespace LmPlayground.Runs.Work;

/// <summary>Starts what pages ask for. A page is a browser's tab: it has one run, one comparison and one scoring at a time. Thread-safe.</summary>
public interface IRunManager
{
    /// <summary>The latest run of a page, or null: reload and reconnect find it again by the page's id.</summary>
    Run? FindRun(string pageId);

    /// <summary>Cancels the page's earlier run and queues this one.</summary>
    /// <param name="pageId">The page's own unguessable id.</param>
    /// <param name="request">What to generate.</param>
    /// <param name="continued">
    /// The run to go on from, keeping its tokens and its seed, or null to begin anew. "Next token" continues with max_new_tokens 1.
    /// </param>
    Run StartRun(string pageId, RunRequest request, Run? continued = null);

    /// <summary>The latest comparison of a page, or null.</summary>
    Comparison? FindComparison(string pageId);

    /// <summary>Cancels the page's earlier comparison and queues this one.</summary>
    Comparison StartComparison(string pageId, RunRequest request);

    /// <summary>Cancels the page's earlier scoring and queues this one: the columns' models, prompt and continuation.</summary>
    IJob<ScoringDetail> StartScoring(string pageId, RunRequest request);

    /// <summary>Ends what a page that was closed has begun; what another page watches goes on.</summary>
    void Leave(string pageId);
}

/// <summary>A run, and what looks at its tokens again.</summary>
/// <param name="Job">The run as it goes.</param>
/// <param name="Review">What its tokens would have been under other settings.</param>
public sealed record Run(IJob<RunDetail> Job, IRunReview Review);

/// <summary>A comparison, and what looks at its columns again.</summary>
/// <param name="Job">The comparison as it goes.</param>
/// <param name="Review">How far its columns are apart.</param>
public sealed record Comparison(IJob<ComparisonDetail> Job, IComparisonReview Review);

/// <inheritdoc/>
/// <param name="jobs">Where the work is done.</param>
/// <param name="services">What it is done with.</param>
/// <param name="client">Whom the pages belong to: see <see cref="JobStart.Client"/>. Asked at each start; each page is a client of its own without it.</param>
public sealed class RunManager(JobManager jobs, WorkServices services, Func<string>? client = null) : IRunManager
{
    private const string RunSlot = "run";
    private const string ComparisonSlot = "comparison";
    private const string ScoringSlot = "score";

    /// <inheritdoc/>
    public Run? FindRun(string pageId) =>
        jobs.Find(new JobKey(pageId, RunSlot)) is IJob<RunDetail> { Task: IRunReview review } job ? new Run(job, review) : null;

    /// <inheritdoc/>
    public Run StartRun(string pageId, RunRequest request, Run? continued = null)
    {
        var work = new RunWork(request, services, continued?.Job.Task as RunWork);
        var job = jobs.Start(new JobKey(pageId, RunSlot), work, Start(work.IsContinued ? continued!.Job : null));
        return new Run(job, work);
    }

    /// <inheritdoc/>
    public Comparison? FindComparison(string pageId) =>
        jobs.Find(new JobKey(pageId, ComparisonSlot)) is IJob<ComparisonDetail> { Task: IComparisonReview review } job ? new Comparison(job, review) : null;

    /// <inheritdoc/>
    public Comparison StartComparison(string pageId, RunRequest request)
    {
        var work = new ComparisonWork(request, services);
        return new Comparison(jobs.Start(new JobKey(pageId, ComparisonSlot), work, Start()), work);
    }

    /// <inheritdoc/>
    public IJob<ScoringDetail> StartScoring(string pageId, RunRequest request) =>
        jobs.Start(new JobKey(pageId, ScoringSlot), new ScoringWork(request, services), Start());

    /// <inheritdoc/>
    public void Leave(string pageId)
    {
        foreach (var job in jobs.List(pageId, JobLifetime.Watched).Where(job => job.IsActive && job.Unwatched > TimeSpan.Zero))
            job.Cancel();
    }

    private JobStart Start(IJob? continues = null) => new() { Lane = jobs.Models, Client = client?.Invoke(), Continues = continues };
}
