using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling;

namespace LmPlayground.Web.Runs;

/// <summary>One stretch of a run that was continued: the steps from <paramref name="FirstStep"/> on were made by <paramref name="Run"/>.</summary>
internal sealed record RunPart(GenerationEngine Engine, IModelLoader Models, GenerationRun Run, int FirstStep)
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
        using var lease = await parts[part].AcquireAsync(cancellationToken);
        return new RunReview(review, lease.Model.AsLanguageModel()).Inspect(local, options, cancellationToken);
    }

    /// <summary>The part's model, which may have been unloaded since and changed on disk meanwhile.</summary>
    private async Task<ModelLease> AcquireAsync(CancellationToken cancellationToken)
    {
        var card = Run.Request.Model.Card;
        var lease = await Models.AcquireAsync(card.Id, cancellationToken);
        if (lease.Model.Card.ContentHash == card.ContentHash)
            return lease;
        lease.Dispose();
        throw new ModelUseException($"The files of {card.Name} have changed since this run: what was let go of it cannot be computed again. Generate anew.");
    }

    private static RunReview Review(ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int part)
    {
        var first = parts[part].FirstStep;
        var end = part + 1 < parts.Count ? parts[part + 1].FirstStep : steps.Count;
        return new RunReview(parts[part].Engine, parts[part].Run, steps.GetRange(first, Math.Max(0, end - first)));
    }
}
