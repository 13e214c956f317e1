using LmPlayground.Generation.Scoring;
using LmPlayground.Models;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Planning;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Work;

/// <summary>Asks models how they find a given continuation of a prompt, one after the other. A model that cannot score it says why, and the others go on.</summary>
/// <param name="request">Prompt and continuation; each column names a model.</param>
/// <param name="services">What it is done with.</param>
public sealed partial class ScoringWork(RunRequest request, WorkServices services) : IJobTask<ScoringDetail>
{
    // A scored token with its place in a list: four ints, a double and a reference. Its label belongs to the vocabulary.
    private const int TokenBytes = 56;

    /// <inheritdoc/>
    public ScoringDetail Initial { get; } = new() { Request = request };

    /// <inheritdoc/>
    public long InitialBytes => RequestSize.Of(request);

    /// <inheritdoc/>
    public async Task RunAsync(JobContext<ScoringDetail> job)
    {
        var models = request.Columns.Select(column => request.With(column).Model).OfType<string>().Distinct().ToList();
        foreach (var model in models)
        {
            job.Update(snapshot => snapshot with { Status = JobStatus.Working, Progress = (double)snapshot.Detail.Scores.Length / models.Count });
            var score = await ScoreAsync(model, job);
            job.Update(snapshot => snapshot with { Detail = snapshot.Detail with { Scores = snapshot.Detail.Scores.Add(score) } });
        }
    }

    /// <inheritdoc/>
    public string Describe(ScoringDetail detail) => "A scoring";

    /// <inheritdoc/>
    public Message Explain(Exception exception) => WorkErrors.Explain(exception);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private async Task<ModelScore> ScoreAsync(string id, JobContext<ScoringDetail> job)
    {
        try
        {
            using var lease = await services.Models.AcquireAsync(id, job.Cancelled);
            var model = lease.Model.AsLanguageModel();
            var run = new ScoringRun(services.Engine, new ScoringRequest
            {
                Model = model,
                Prompt = request.Prompt ?? ModelDefaults.Prompt(model.Card),
                Continuation = request.Continuation ?? "",
            });
            await foreach (var _ in run.WithCancellation(job.Cancelled))
                job.Account(TokenBytes);
            job.Account((long)sizeof(char) * run.Score!.Text.Length);
            return new ModelScore(model.Card.Id, run.Score, null);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or MemoryLimitException))
        {
            if (!WorkErrors.IsRefusal(exception))
                LogFailed(services.Logger, exception);
            return new ModelScore(id, null, WorkErrors.Explain(exception));
        }
    }

    [LoggerMessage(LogLevel.Warning, "A continuation could not be scored")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
