using System.Collections.Immutable;

namespace LmPlayground.Generation.Inspection;

/// <summary>What other settings would have done at one step of a finished run, with the same tokens before it and the same u.</summary>
/// <param name="Index">The step's index in the run, from 0.</param>
/// <param name="RemovedBy">The stage that would have removed the token that was chosen, or null.</param>
/// <param name="SampledProbability">The chosen token's probability under those settings.</param>
/// <param name="DrawnId">The token that the same u draws under those settings.</param>
public readonly record struct StepOutcome(int Index, string? RemovedBy, double SampledProbability, int DrawnId);

/// <summary>
/// Outcomes by their steps. There may be fewer than steps: one whose logits were let go has none, and a run may have gone on since. So an
/// outcome is never found by its place in the list.
/// </summary>
public static class StepOutcomes
{
    /// <summary>The outcome of a step, or null where there is none.</summary>
    /// <param name="outcomes">Outcomes in the order of their steps.</param>
    /// <param name="step">The step's index in the run.</param>
    public static StepOutcome? OfStep(this ImmutableArray<StepOutcome> outcomes, int step)
    {
        var (from, to) = (0, outcomes.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (outcomes[middle].Index < step)
                from = middle + 1;
            else
                to = middle;
        }

        return from < outcomes.Length && outcomes[from].Index == step ? outcomes[from] : null;
    }
}
