using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Sampling;

namespace LmPlayground.Web.Runs;

/// <summary>One stretch of a run that was continued: the steps from <paramref name="FirstStep"/> on were made by <paramref name="Run"/>.</summary>
internal sealed record RunPart(GenerationEngine Engine, GenerationRun Run, int FirstStep)
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

    internal static TokenStep Inspect(
        ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int index, SamplingOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, steps.Count);
        var part = parts.FindLastIndex(candidate => candidate.FirstStep <= index);
        return Review(parts, steps, part).Inspect(index - parts[part].FirstStep, options, cancellationToken);
    }

    private static RunReview Review(ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int part)
    {
        var first = parts[part].FirstStep;
        var end = part + 1 < parts.Count ? parts[part + 1].FirstStep : steps.Count;
        return new RunReview(parts[part].Engine, parts[part].Run, steps.GetRange(first, Math.Max(0, end - first)));
    }
}
