using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Work;

/// <summary>One stretch of a run that was continued: its steps from <paramref name="FirstStep"/> on, and how they are looked at again.</summary>
internal abstract record RunPart(int FirstStep) : IDisposable
{
    /// <summary>The model that made the stretch.</summary>
    internal abstract ModelCard Card { get; }

    /// <summary>Lets the stretch's logits go.</summary>
    public abstract void Dispose();

    /// <summary>What other settings would have done to the stretch's own steps.</summary>
    protected abstract ImmutableArray<StepOutcome> Compare(IReadOnlyList<TokenStep> own, SamplingOptions options, CancellationToken cancellationToken);

    /// <summary>One of the stretch's own steps under other settings.</summary>
    protected abstract Task<TokenStep> InspectAsync(IReadOnlyList<TokenStep> own, int index, SamplingOptions options, CancellationToken cancellationToken);

    /// <summary>The model's logits before one of the stretch's own steps.</summary>
    protected abstract Task<float[]> LogitsAsync(IReadOnlyList<TokenStep> own, int index, CancellationToken cancellationToken);

    internal static ImmutableArray<StepOutcome> Compare(
        ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, SamplingOptions options, CancellationToken cancellationToken)
    {
        var outcomes = ImmutableArray.CreateBuilder<StepOutcome>(steps.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            var first = parts[i].FirstStep;
            foreach (var outcome in parts[i].Compare(Own(parts, steps, i), options, cancellationToken))
                outcomes.Add(outcome with { Index = first + outcome.Index });
        }

        return outcomes.ToImmutable();
    }

    internal static Task<TokenStep> InspectAsync(
        ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int index, SamplingOptions options, CancellationToken cancellationToken)
    {
        var part = PartOf(parts, steps, index);
        return parts[part].InspectAsync(Own(parts, steps, part), index - parts[part].FirstStep, options, cancellationToken);
    }

    internal static Task<float[]> LogitsAsync(ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int index, CancellationToken cancellationToken)
    {
        var part = PartOf(parts, steps, index);
        return parts[part].LogitsAsync(Own(parts, steps, part), index - parts[part].FirstStep, cancellationToken);
    }

    private static int PartOf(ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, steps.Count);
        return parts.FindLastIndex(candidate => candidate.FirstStep <= index);
    }

    private static ImmutableList<TokenStep> Own(ImmutableList<RunPart> parts, ImmutableList<TokenStep> steps, int part)
    {
        var first = parts[part].FirstStep;
        var end = part + 1 < parts.Count ? parts[part + 1].FirstStep : steps.Count;
        return steps.GetRange(first, Math.Max(0, end - first));
    }
}
