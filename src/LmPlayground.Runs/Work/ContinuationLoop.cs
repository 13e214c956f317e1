using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Models;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Sampling.Stopping;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Work;

/// <summary>Continues a text: reads source and prompt, follows the search if one is asked for, and samples, or traces what the search has found.</summary>
internal sealed partial class ContinuationLoop(WorkServices services, JobContext<RunDetail> job, Action<RunPart> addPart)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs to the end and writes all that happens into the job.</summary>
    /// <param name="loaded">The model.</param>
    /// <param name="continued">The tokens to go on from.</param>
    internal async Task RunAsync(IModel loaded, ImmutableList<TokenStep> continued)
    {
        // A run that is continued has read both already, and goes on from the same ids.
        var known = job.Snapshot.Detail;
        var request = known.Request;
        var source = known.SourceIds ?? RunPlanner.Source(request, loaded);
        Show(JobStatus.ReadingPrompt, detail => detail with
        {
            SourceIds = source,
            SourceTokens = source?.Length ?? 0,
            SourceContextLength = loaded.Card.SourceContextLength,
        });
        var model = await Task.Run(() => services.Planner.Adapt(loaded, source, job.Cancelled), job.Cancelled);
        var prompt = known.PromptIds.IsEmpty ? RunPlanner.Prompt(request, model) : new PlannedPrompt(known.PromptIds, known.RenderedPrompt);
        Show(JobStatus.ReadingPrompt, detail => detail with
        {
            PromptIds = prompt.Ids,
            PromptTokens = prompt.Ids.Length,
            RenderedPrompt = prompt.Rendered,
            ContextLength = model.Card.ContextLength,
            Steps = WithoutReason(continued),
        });

        var generation = services.Planner.Continuation(request, model, prompt.Ids) with
        {
            ContinuedIds = [.. continued.Select(step => step.Id)],
            ContinuedConfidences = [.. continued.Select(step => new TokenConfidence(step.Probability, step.Entropy))],
            SamplerState = continued is [.., var last] ? last.SamplerStateAfter : null,
        };
        if (request.Search.Start(services.Engine, generation) is { } search)
            generation = Found(generation, await SearchAsync(search));
        var run = services.Engine.Generate(generation);
        addPart(new GeneratedPart(
            services.Models, again => request.Search.Guide(services.Planner.Adapt(again, source, CancellationToken.None), prompt.Ids), run, continued.Count));
        LogStarted(services.Logger, loaded.Card.Id, prompt.Ids.Length, continued.Count);
        await SampleAsync(run);
    }

    /// <summary>The steps of a run that goes on: its last one ends nothing any more; all others stay the same objects, which pages have shown already.</summary>
    private static ImmutableList<TokenStep> WithoutReason(ImmutableList<TokenStep> steps)
    {
        var last = steps.FindIndex(step => step.FinishReason is not null);
        return last < 0 ? steps : steps.SetItem(last, steps[last] with { FinishReason = null, Stop = null });
    }

    /// <summary>The request whose run is what a search has found: every token traced as if it had been drawn.</summary>
    private static GenerationRequest Found(GenerationRequest request, Beam found) => request with
    {
        ForcedIds = found.Ids,
        Stopping = request.Stopping with { MaxNewTokens = found.Ids.Length },
    };

    /// <summary>Follows a search to its end.</summary>
    private async Task<Beam> SearchAsync(SearchRun search)
    {
        var clock = new StepClock(services.Time);
        BeamStep? last = null;
        using (var progress = ShowProgress(() => search.PromptProgress))
        {
            await foreach (var step in search.WithCancellation(job.Cancelled))
            {
                if (last is null)
                    progress.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                last = step;
                clock.Stepped(step.Length);
                Show(JobStatus.Working, detail => detail with
                {
                    Beams = new BeamsView(step, search.Request.Model.Tokenizer, clock.PerSecond),
                    TimeToFirstToken = clock.ToFirst,
                });
            }
        }

        return last!.Returned[0];
    }

    private async Task SampleAsync(GenerationRun run)
    {
        var clock = new StepClock(services.Time);
        var tokens = 0;
        using var progress = ShowProgress(() => run.PromptProgress);
        try
        {
            await foreach (var step in run.WithCancellation(job.Cancelled))
            {
                if (tokens == 0)
                    progress.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                clock.Stepped(++tokens);
                Show(JobStatus.Working, detail => detail with
                {
                    Steps = detail.Steps.Add(step),
                    TimeToFirstToken = detail.TimeToFirstToken ?? clock.ToFirst,
                    TokensPerSecond = clock.PerSecond,
                });
                job.Account(TokenStepSize.Of(step));
            }
        }
        finally
        {
            job.Update(snapshot => snapshot with
            {
                Detail = snapshot.Detail with
                {
                    Summary = run.Summary,
                    TokensPerSecond = run.Summary?.TokensPerSecond ?? snapshot.Detail.TokensPerSecond,
                },
            });
        }
    }

    private void Show(JobStatus status, Func<RunDetail, RunDetail> change) => job.Update(snapshot => snapshot with
    {
        Status = status,
        Progress = status == JobStatus.Working ? 1 : snapshot.Progress,
        Detail = change(snapshot.Detail),
    });

    private ITimer ShowProgress(Func<double> share) =>
        services.Time.CreateTimer(_ => job.Update(snapshot => snapshot with { Progress = share() }), null, ProgressEvery, ProgressEvery);

    // Prompts are never logged: only sizes are.
    [LoggerMessage(LogLevel.Information, "A run of {Model} begins: {PromptTokens} prompt tokens, {ContinuedTokens} continued")]
    private static partial void LogStarted(ILogger logger, string model, int promptTokens, int continuedTokens);
}
