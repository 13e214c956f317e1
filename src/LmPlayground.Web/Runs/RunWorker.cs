using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Models;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Runs;

/// <summary>Takes one run from its place in the queue to its end, and writes all that happens into its snapshot.</summary>
internal sealed partial class RunWorker(
    IModelLoader models, GenerationEngine engine, RunOptions options, TimeProvider time, ILogger logger)
{
    private readonly MaskedWorker _masked = new(models, engine, options, time);

    /// <summary>Runs to the end, whatever it is. Never fails.</summary>
    internal async Task RunAsync(Run run, RunQueue.Ticket ticket, Run? earlier)
    {
        using (ticket)
        {
            try
            {
                await ticket.WaitAsync(run.Cancelled);

                // The earlier run was cancelled when this one began: its last token may still be on its way.
                if (earlier is not null)
                    await earlier.Completion.WaitAsync(run.Cancelled);
                await GenerateAsync(run, earlier);
            }
            catch (OperationCanceledException)
            {
                run.Update(snapshot => snapshot with { Status = RunStatus.Finished, QueuePosition = 0, Summary = snapshot.Summary ?? Nothing(snapshot) });
            }
            catch (Exception exception)
            {
                Log(exception, run.Snapshot.Request.ModelId);
                run.Update(snapshot => snapshot with { Status = RunStatus.Failed, QueuePosition = 0, Error = RunErrors.Explain(exception) });
            }
        }
    }

    private async Task GenerateAsync(Run run, Run? earlier)
    {
        var request = run.Snapshot.Request;
        run.Update(snapshot => snapshot with { Status = RunStatus.LoadingModel });
        using var lease = await models.AcquireAsync(request.ModelId, run.Cancelled);
        if (request.Task != RunTask.Continue)
        {
            await _masked.RunAsync(run, lease.Model.AsMaskedModel());
            return;
        }

        var adapt = Adapter(run, lease.Model);
        var model = await Task.Run(() => adapt(lease.Model, run.Cancelled), run.Cancelled);

        var continuedSteps = earlier?.Snapshot.Steps ?? [];
        var (prompt, rendered) = ChatPrompt.Of(model, request.Prompt, request.Chat, request.System);
        run.Update(snapshot => snapshot with
        {
            Status = RunStatus.ReadingPrompt,
            PromptTokens = prompt.Length,
            RenderedPrompt = rendered,
            ContextLength = model.Card.ContextLength,
            Steps = WithoutReason(continuedSteps),
        });

        var generationRequest = new GenerationRequest
        {
            Model = request.Search.Guide(model, prompt),
            PromptIds = prompt,
            ContinuedIds = [.. continuedSteps.Select(step => step.Id)],
            ContinuedConfidences = [.. continuedSteps.Select(step => new TokenConfidence(step.Probability, step.Entropy))],
            Sampling = request.Sampling,
            Stopping = request.Stopping,
            SamplerState = continuedSteps is [.., var last] ? last.SamplerStateAfter : null,
            Seed = run.Snapshot.Seed,
            TopCandidates = options.TopCandidates,
        };
        if (request.Search.Start(engine, generationRequest) is { } search)
            generationRequest = Found(generationRequest, await SearchAsync(run, search));
        var generation = engine.Generate(generationRequest);
        run.AddPart(new GeneratedPart(engine, models, loaded => request.Search.Guide(adapt(loaded, CancellationToken.None), prompt), generation, continuedSteps.Count));
        LogStarted(logger, request.ModelId, prompt.Length, continuedSteps.Count);
        await StreamAsync(run, generation);
    }

    /// <summary>What makes of the loaded model the one that a run asks: an encoder-decoder reads the source first.</summary>
    private Func<IModel, CancellationToken, ILanguageModel> Adapter(Run run, IModel loaded)
    {
        if (run.Snapshot.Request.Source is not { } source)
            return (model, _) => model.AsLanguageModel();
        var ids = PromptEncoder.EncodeSource(loaded.AsEncoderDecoder(), source);
        run.Update(snapshot => snapshot with
        {
            Status = RunStatus.ReadingPrompt,
            SourceTokens = ids.Length,
            SourceContextLength = loaded.Card.SourceContextLength,
        });
        return (model, cancellationToken) => engine.Encode(model.AsEncoderDecoder(), ids, cancellationToken);
    }

    /// <summary>The steps of a run that goes on: its last one ends nothing any more; all others stay the same objects, which pages have shown already.</summary>
    private static ImmutableList<TokenStep> WithoutReason(ImmutableList<TokenStep> steps)
    {
        var last = steps.FindIndex(step => step.FinishReason is not null);
        return last < 0 ? steps : steps.SetItem(last, steps[last] with { FinishReason = null, Stop = null });
    }

    /// <summary>Follows a search to its end.</summary>
    private async Task<Beam> SearchAsync(Run run, SearchRun search)
    {
        var started = time.GetTimestamp();
        var first = 0L;
        BeamStep? last = null;
        using var progress = ShowProgress(run, () => search.PromptProgress);
        await foreach (var step in search.WithCancellation(run.Cancelled))
        {
            if (last is null)
            {
                first = time.GetTimestamp();
                progress.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            last = step;
            var rate = step.Length > 1 ? (step.Length - 1) / time.GetElapsedTime(first).TotalSeconds : 0;
            run.Update(snapshot => snapshot with
            {
                Status = RunStatus.Generating,
                PromptProgress = 1,
                Beams = new BeamsView(step, search.Request.Model.Tokenizer, rate),
                TimeToFirstToken = time.GetElapsedTime(started, first),
            });
        }

        return last!.Returned[0];
    }

    /// <summary>The request whose run is what a search has found: every token traced as if it had been drawn.</summary>
    private static GenerationRequest Found(GenerationRequest request, Beam found) => request with
    {
        ForcedIds = found.Ids,
        Stopping = request.Stopping with { MaxNewTokens = found.Ids.Length },
    };

    private ITimer ShowProgress(Run run, Func<double> share) => time.CreateTimer(
        _ => run.Update(snapshot => snapshot with { PromptProgress = share() }),
        null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));

    private async Task StreamAsync(Run run, GenerationRun generation)
    {
        var started = time.GetTimestamp();
        var first = 0L;
        var tokens = 0;
        using var progress = ShowProgress(run, () => generation.PromptProgress);
        try
        {
            await foreach (var step in generation.WithCancellation(run.Cancelled))
            {
                if (tokens++ == 0)
                {
                    first = time.GetTimestamp();
                    progress.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                var rate = tokens > 1 ? (tokens - 1) / time.GetElapsedTime(first).TotalSeconds : 0;
                run.Update(snapshot => snapshot with
                {
                    Status = RunStatus.Generating,
                    PromptProgress = 1,
                    Steps = snapshot.Steps.Add(step),
                    TimeToFirstToken = snapshot.TimeToFirstToken ?? time.GetElapsedTime(started, first),
                    TokensPerSecond = rate,
                });
            }
        }
        finally
        {
            run.Update(snapshot => snapshot with
            {
                Summary = generation.Summary,
                TokensPerSecond = generation.Summary?.TokensPerSecond ?? snapshot.TokensPerSecond,
            });
        }

        run.Update(snapshot => snapshot with { Status = RunStatus.Finished });
        LogFinished(logger, run.Snapshot.Request.ModelId, generation.Summary!.FinishReason, tokens);
    }

    /// <summary>The summary of a run that was cancelled before it began.</summary>
    private static GenerationSummary Nothing(RunSnapshot snapshot) => new()
    {
        FinishReason = FinishReason.Cancelled,
        Seed = snapshot.Seed,
        Text = "",
        PromptTokens = snapshot.PromptTokens,
        NewTokens = 0,
        CachedTokens = 0,
        TimeToFirstToken = TimeSpan.Zero,
        TokensPerSecond = 0,
    };

    private void Log(Exception exception, string modelId)
    {
        if (exception is PromptException)
            LogRefused(logger, modelId);
        else
            LogFailed(logger, exception, modelId);
    }

    // Prompts are never logged: only sizes are.
    [LoggerMessage(LogLevel.Information, "A run of {Model} begins: {PromptTokens} prompt tokens, {ContinuedTokens} continued")]
    private static partial void LogStarted(ILogger logger, string model, int promptTokens, int continuedTokens);

    [LoggerMessage(LogLevel.Information, "A run of {Model} ended ({Reason}) after {Tokens} tokens")]
    private static partial void LogFinished(ILogger logger, string model, FinishReason reason, int tokens);

    [LoggerMessage(LogLevel.Information, "A run of {Model} was refused: it cannot begin with the prompt")]
    private static partial void LogRefused(ILogger logger, string model);

    [LoggerMessage(LogLevel.Warning, "A run of {Model} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string model);
}
