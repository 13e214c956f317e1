using LmPlayground.Generation.Scoring;
using LmPlayground.Models;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Work;

/// <summary>Asks models how they find a given continuation of a prompt, one after the other. A model that cannot score it says why, and the others go on.</summary>
/// <param name="request">Prompt and continuation; each column names a model.</param>
/// <param name="services">What it is done with.</param>
public sealed partial class ScoringWork(RunRequest request, WorkServices services) : IJobTask<ScoringDetail>
{
    /// <inheritdoc/>
    public ScoringDetail Initial { get; } = new() { Request = request };

    /// <inheritdoc/>
    public async Task RunAsync(JobContext<ScoringDetail> job)
    {
        var models = request.Columns.Select(column => request.With(column).Model).OfType<string>().Distinct().ToList();
        foreach (var model in models)
        {
            job.Update(snapshot => snapshot with { Status = JobStatus.Working, Progress = (double)snapshot.Detail.Scores.Length / models.Count });
            var score = await ScoreAsync(model, job.Cancelled);
            job.Update(snapshot => snapshot with { Detail = snapshot.Detail with { Scores = snapshot.Detail.Scores.Add(score) } });
        }
    }

    /// <inheritdoc/>
    public string Describe(ScoringDetail detail) => "A scoring";

    /// <inheritdoc/>
    public string Explain(Exception exception) => WorkErrors.Explain(exception);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private async Task<ModelScore> ScoreAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            using var lease = await services.Models.AcquireAsync(id, cancellationToken);
            var model = lease.Model.AsLanguageModel();
            var run = new ScoringRun(services.Engine, new ScoringRequest
            {
                Model = model,
                Prompt = request.Prompt ?? ModelDefaults.Prompt(model.Card),
                Continuation = request.Continuation ?? "",
            });
            return new ModelScore(model.Card.Id, await run.ToEndAsync(cancellationToken), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (!WorkErrors.IsRefusal(exception))
                LogFailed(services.Logger, exception);
            return new ModelScore(id, null, WorkErrors.Explain(exception));
        }
    }

    [LoggerMessage(LogLevel.Warning, "A continuation could not be scored")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
