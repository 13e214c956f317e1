using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Models;
using LmPlayground.Sampling;

namespace LmPlayground.Web.Runs;

/// <summary>One stretch of a run that was continued: the steps from <paramref name="FirstStep"/> on were made by <paramref name="Run"/>.</summary>
/// <param name="Engine">What made it.</param>
/// <param name="Models">Where the model is when it has been unloaded since.</param>
/// <param name="Adapt">Makes of the loaded model the one that ran: under guidance, for a source.</param>
/// <param name="Run">The stretch.</param>
/// <param name="FirstStep">The index of its first step.</param>
internal sealed record RunPart(GenerationEngine Engine, IModelLoader Models, Func<IModel, ILanguageModel> Adapt, GenerationRun Run, int FirstStep)
{
    internal static ImmutableArray<StepOutcome> Compare(
        ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, SamplingOptions options, CancellationToken cancellationToken)
    {
        var outcomes = ImmutableArray.CreateBuilder<StepOutcome>(steps.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            var first = parts[i].FirstStep;
            foreach (var outcome in Review(parts, steps, i).Compare(options, cancellationToken))
                outcomes.Add(outcome with { Index = first + outcome.Index });
        }

        return outcomes.ToImmutable();
    }

    internal static async Task<TokenStep> InspectAsync(
        ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int index, SamplingOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, steps.Count);
        var part = parts.FindLastIndex(candidate => candidate.FirstStep <= index);
        var review = Review(parts, steps, part);
        var local = index - parts[part].FirstStep;
        if (review.InspectKept(local, options, cancellationToken) is { } kept)
            return kept;
        using var lease = await parts[part].Models.AcquireUnchangedAsync(parts[part].Run.Request.Model.Card, cancellationToken);
        return new RunReview(review, parts[part].Adapt(lease.Model)).Inspect(local, options, cancellationToken);
    }

    private static RunReview Review(ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int part)
    {
        var first = parts[part].FirstStep;
        var end = part + 1 < parts.Count ? parts[part + 1].FirstStep : steps.Count;
        return new RunReview(parts[part].Engine, parts[part].Run, steps.GetRange(first, Math.Max(0, end - first)));
    }
}
