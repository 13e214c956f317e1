using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.State;

/// <summary>A finished stretch of a run under other settings.</summary>
/// <param name="Run">The run.</param>
/// <param name="Options">The other settings.</param>
/// <param name="Outcomes">What they would have done to each token whose logits are kept.</param>
/// <param name="Inspected">The selected step under them, or null.</param>
/// <param name="Index">Which step that is.</param>
public sealed record WhatIfResult(Run Run, SamplingOptions Options, ImmutableArray<StepOutcome> Outcomes, TokenStep? Inspected, int Index)
{
    /// <summary>How many steps the run had when it was asked.</summary>
    public int StepCount { get; init; }

    /// <summary>How many tokens the settings would have removed.</summary>
    public int RemovedCount => Outcomes.Count(outcome => outcome.RemovedBy is not null);

    /// <summary>How many tokens would have stayed, but another one would have been drawn in their place.</summary>
    public int RedrawnCount(IReadOnlyList<TokenStep> steps) =>
        Outcomes.Count(outcome => outcome.RemovedBy is null && outcome.Index < steps.Count && !steps[outcome.Index].IsForced && outcome.DrawnId != steps[outcome.Index].Draw.Id);
}

/// <summary>Asks a run what other settings would have done, without the model. The latest question wins: the one before is cancelled.</summary>
internal sealed class WhatIf(TimeProvider time, Func<WhatIfResult?, Task> publish, Func<Exception, Task> failed) : IDisposable
{
    /// <summary>How long a slider must rest before its question is asked.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly LatestTurn _turns = new();
    private WhatIfResult? _last;

    /// <summary>Asks, or with null options says that there is nothing to ask.</summary>
    public async Task AskAsync(Run run, SamplingOptions? options, int index)
    {
        var turn = _turns.Begin();
        if (options is null)
        {
            if (_last is not null)
                await publish(_last = null);
            return;
        }

        try
        {
            var result = await AnswerAsync(run, options, index, turn);
            turn.ThrowIfCancellationRequested();
            await publish(_last = result);
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested)
        {
            // A newer question is being answered.
        }
        catch (Exception error)
        {
            await failed(error);
        }
    }

    /// <summary>Forgets the question that is being answered.</summary>
    public void Dispose() => _turns.Dispose();

    private async Task<WhatIfResult> AnswerAsync(Run run, SamplingOptions options, int index, CancellationToken cancellationToken)
    {
        var count = run.Job.Snapshot.Detail.Steps.Count;
        var known = _last is { } last && last.Run == run && last.Options.Equals(options) ? last : null;
        if (known is null)
            await Task.Delay(Rest, time, cancellationToken);
        var inspected = index >= 0 && index < count ? await run.Review.InspectAsync(index, options, cancellationToken) : null;
        var outcomes = known is not null && known.StepCount == count
            ? known.Outcomes
            : await run.Review.CompareAsync(options, cancellationToken);
        return new WhatIfResult(run, options, outcomes, inspected, index) { StepCount = count };
    }
}
