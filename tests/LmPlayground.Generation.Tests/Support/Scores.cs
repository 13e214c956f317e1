using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Scoring;
using LmPlayground.Models;

namespace LmPlayground.Generation.Tests.Support;

public static class Scores
{
    public static Task<ContinuationScore> ScoreAsync(
        this GenerationEngine engine, ILanguageModel model, string prompt, string continuation, CancellationToken cancellationToken = default) =>
        new ScoringRun(engine, new ScoringRequest { Model = model, Prompt = prompt, Continuation = continuation }).ToEndAsync(cancellationToken);
}
