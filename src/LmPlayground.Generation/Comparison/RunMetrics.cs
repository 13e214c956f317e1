using System.Collections.Immutable;
using LmPlayground.Models;

namespace LmPlayground.Generation.Comparison;

/// <summary>The metrics by which sets of runs are compared: each declared once, with its name, unit and meaning.</summary>
public static class RunMetrics
{
    /// <summary>Every metric, in the order of a table.</summary>
    public static ImmutableArray<RunMetric> All { get; } = [];

    /// <summary>Every metric of a set of runs, in the order of <see cref="All"/>; null where a metric is not defined for the set.</summary>
    public static ImmutableArray<double?> Of(IReadOnlyList<MeasuredRun> runs) => [.. All.Select(metric => metric.Of(runs))];
}

/// <summary>A run whose text is measured.</summary>
/// <param name="Model">Its model.</param>
/// <param name="Steps">Its tokens.</param>
public sealed record MeasuredRun(ILanguageModel Model, IReadOnlyList<TokenStep> Steps);
