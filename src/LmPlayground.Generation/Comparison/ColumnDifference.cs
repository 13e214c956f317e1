using System.Collections.Immutable;
using LmPlayground.Generation.Metrics;

namespace LmPlayground.Generation.Comparison;

/// <summary>Where two columns part.</summary>
internal static class ColumnDifference
{
    /// <summary>As <see cref="ComparisonRun.DifferenceOf"/> says.</summary>
    internal static int? Of(ComparisonColumn left, ComparisonColumn right)
    {
        // Whether a column has ended is asked before its steps are taken: it gets none after it has.
        bool leftEnded = left.HasEnded, rightEnded = right.HasEnded;
        ImmutableList<TokenStep> leftSteps = left.Steps, rightSteps = right.Steps;
        if (SharedVocabulary.IsOf(left.Request.Model, right.Request.Model))
        {
            var common = leftSteps.Zip(rightSteps).TakeWhile(pair => pair.First.Id == pair.Second.Id).Count();
            return HaveParted(common, leftSteps.Count, leftEnded, rightSteps.Count, rightEnded) ? common : null;
        }

        string leftText = TextOf(leftSteps), rightText = TextOf(rightSteps);
        var shared = leftText.AsSpan().CommonPrefixLength(rightText);
        return HaveParted(shared, leftText.Length, leftEnded, rightText.Length, rightEnded) ? TokenAt(leftSteps, shared) : null;
    }

    private static bool HaveParted(int common, int leftLength, bool leftEnded, int rightLength, bool rightEnded) =>
        (common < leftLength && common < rightLength)
        || (common < leftLength && rightEnded)
        || (common < rightLength && leftEnded);

    private static string TextOf(ImmutableList<TokenStep> steps) => string.Concat(steps.Select(step => step.Text));

    /// <summary>The first token that completes text beyond the first <paramref name="length"/> characters; one after the last if none does.</summary>
    private static int TokenAt(ImmutableList<TokenStep> steps, int length)
    {
        var end = 0;
        for (var index = 0; index < steps.Count; index++)
        {
            end += steps[index].Text.Length;
            if (end > length)
                return index;
        }

        return steps.Count;
    }
}
