namespace LmPlayground.Generation.Metrics;

/// <summary>Which values of a metric one would rather have.</summary>
public enum MetricDirection
{
    /// <summary>It depends on what the text is for.</summary>
    Neither,

    /// <summary>The less the better.</summary>
    Lower,

    /// <summary>The more the better.</summary>
    Higher,
}

/// <summary>One metric of a set of runs.</summary>
public sealed class RunMetric
{
    private readonly Func<IReadOnlyList<MeasuredRun>, double?> _measure;

    internal RunMetric(Func<IReadOnlyList<MeasuredRun>, double?> measure) => _measure = measure;

    /// <summary>Its name in JSON: "distinct_2".</summary>
    public required string Name { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Label { get; init; }

    /// <summary>Its unit for people; empty for a share from 0 to 1.</summary>
    public required string Unit { get; init; }

    /// <summary>Which values are better.</summary>
    public required MetricDirection Better { get; init; }

    /// <summary>What it is, in one sentence.</summary>
    public required string Help { get; init; }

    /// <summary>Its value for a set of runs; null where it is not defined for the set.</summary>
    public double? Of(IReadOnlyList<MeasuredRun> runs) => runs.Count > 0 && _measure(runs) is { } value && !double.IsNaN(value) ? value : null;
}
