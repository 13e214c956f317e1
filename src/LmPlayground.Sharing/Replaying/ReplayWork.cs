using LmPlayground.Generation;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Replaying;

/// <summary>A demo that is run again, in the turn of its job. What there is of it is the verdict: its tokens are compared and let go of.</summary>
/// <param name="id">The demo's id.</param>
/// <param name="demo">The demo.</param>
/// <param name="rows">How many sequences are read at once.</param>
/// <param name="replay">What runs it.</param>
internal sealed class ReplayWork(string id, SharedDemo demo, int rows, DemoReplay replay) : IJobTask<ReplayDetail>
{
    // A token of the document with its candidates: ids, gaps and probabilities, and the stages that ran.
    private const int TokenBytes = 1_000;

    /// <inheritdoc/>
    public ReplayDetail Initial { get; } = new() { DemoId = id, Rows = rows, Total = DemoReplay.RunsOf(demo).Sum(run => run.Steps.Count) };

    /// <inheritdoc/>
    public long InitialBytes => (long)TokenBytes * Initial.Total + sizeof(int) * demo.Runs.Sum(run => (long)run.PromptIds.Length);

    /// <inheritdoc/>
    public async Task RunAsync(JobContext<ReplayDetail> job)
    {
        var verdict = await replay.RunAsync(demo, rows, new Told(job), job.Cancelled);
        job.Account(verdict.Runs.Sum(run => SizeOf(run.Tokens) + SizeOf(run.Numbers)));
        job.Update(snapshot => snapshot with { Detail = snapshot.Detail with { Verdict = verdict } });
    }

    /// <inheritdoc/>
    public string Describe(ReplayDetail detail) => $"A demo run again ({detail.Total} tokens)";

    /// <inheritdoc/>
    public Message Explain(Exception exception) => WorkErrors.Explain(exception);

    /// <inheritdoc/>
    public bool IsRefusal(Exception exception) => WorkErrors.IsRefusal(exception);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static long SizeOf(DemoDifference? difference) => SizeOf(difference?.Recorded) + SizeOf(difference?.Replayed);

    private static long SizeOf(TokenStep? step) => step is null ? 0 : TokenStepSize.Of(step);

    private sealed class Told(JobContext<ReplayDetail> job) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => job.Update(snapshot => snapshot with
        {
            Status = value.IsLoading ? JobStatus.LoadingModel : JobStatus.Working,
            Progress = value.Share,
            Detail = snapshot.Detail with { Done = value.Done },
        });
    }
}
