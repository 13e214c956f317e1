using LmPlayground.Generation.Metrics;

namespace LmPlayground.Generation.Comparison;

/// <summary>How far two columns' distributions of one token are apart, over the whole vocabulary.</summary>
/// <param name="Left">The column whose distribution is p.</param>
/// <param name="Right">The column whose distribution is q.</param>
/// <param name="Index">The step, from 0.</param>
public sealed record ColumnDistance(int Left, int Right, int Index)
{
    /// <summary>
    /// Whether prompt and tokens before the step are the same in both. Then the distances are those of the models and strategies alone; else
    /// they also hold what different texts do.
    /// </summary>
    public required bool HaveSameTokensBefore { get; init; }

    /// <summary>Between the models' own distributions, at temperature 1: all 0 for one model after the same tokens.</summary>
    public required DistributionDistance Model { get; init; }

    /// <summary>Between what the tokens were drawn from, after each column's sampler.</summary>
    public required DistributionDistance Sampled { get; init; }
}
