using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Masking;
using LmPlayground.Models;

namespace LmPlayground.Web.Runs;

/// <summary>The part of a run's life that is its own when a masked model fills or scores a text.</summary>
internal sealed class MaskedWorker(IModelLoader models, GenerationEngine engine, RunOptions options, TimeProvider time)
{
    /// <summary>Runs to the end and writes all that happens into the run's snapshot.</summary>
    internal async Task RunAsync(Run run, IMaskedModel model)
    {
        var request = run.Snapshot.Request;
        var text = MaskedText.Read(model, request.Prompt);
        run.Update(snapshot => snapshot with
        {
            Status = RunStatus.Generating,
            PromptTokens = text.Tokens.Length,
            ContextLength = model.Card.ContextLength,
            Masked = text,
        });
        var masked = new MaskedTextRun(engine, new MaskedRequest
        {
            Model = model,
            Text = text,
            Task = request.Task == RunTask.Score ? MaskedTask.Score : MaskedTask.Fill,
            Order = request.FillOrder,
            Sampling = request.Sampling,
            Seed = run.Snapshot.Seed,
            TopCandidates = options.TopCandidates,
        });
        run.AddPart(new MaskedPart(models, masked));
        await StreamAsync(run, masked);
        run.Update(snapshot => snapshot with { Status = RunStatus.Finished });
    }

    private async Task StreamAsync(Run run, MaskedTextRun masked)
    {
        var started = time.GetTimestamp();
        try
        {
            await foreach (var step in masked.WithCancellation(run.Cancelled))
            {
                run.Update(snapshot => snapshot with
                {
                    PromptProgress = (snapshot.Steps.Count + 1.0) / masked.StepCount,
                    Steps = snapshot.Steps.Add(step),
                    TimeToFirstToken = snapshot.TimeToFirstToken ?? time.GetElapsedTime(started),
                });
            }
        }
        finally
        {
            run.Update(snapshot => snapshot with { MaskedSummary = masked.Summary });
        }
    }
}
