using LmPlayground.Generation.Masking;
using LmPlayground.Models;
using LmPlayground.Runs.Jobs;

namespace LmPlayground.Runs.Work;

/// <summary>Fills the masks of a text, or scores the text.</summary>
internal sealed class MaskedTextLoop(WorkServices services, JobContext<RunDetail> job, Action<RunPart> addPart)
{
    /// <summary>Runs to the end and writes all that happens into the job.</summary>
    internal async Task RunAsync(IMaskedModel model)
    {
        var request = services.Planner.Masked(job.Snapshot.Detail.Request, model);
        job.Update(snapshot => snapshot with
        {
            Status = JobStatus.Working,
            Detail = snapshot.Detail with { PromptTokens = request.Text.Tokens.Length, Masked = request.Text },
        });
        var run = new MaskedTextRun(services.Engine, request);
        addPart(new MaskedPart(services.Models, run));
        var clock = new StepClock(services.Time);
        try
        {
            await foreach (var step in run.WithCancellation(job.Cancelled))
            {
                clock.Stepped(1);
                job.Update(snapshot => snapshot with
                {
                    Progress = (snapshot.Detail.Steps.Count + 1.0) / run.StepCount,
                    Detail = snapshot.Detail with { Steps = snapshot.Detail.Steps.Add(step), TimeToFirstToken = snapshot.Detail.TimeToFirstToken ?? clock.ToFirst },
                });
                job.Account(TokenStepSize.Of(step));
            }
        }
        finally
        {
            job.Update(snapshot => snapshot with { Detail = snapshot.Detail with { MaskedSummary = run.Summary } });
        }
    }
}
