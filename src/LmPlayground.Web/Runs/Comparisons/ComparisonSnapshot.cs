using System.Collections.Immutable;
using LmPlayground.Generation;

namespace LmPlayground.Web.Runs.Comparisons;

/// <summary>A comparison as it stands at one moment: immutable, what a page renders from.</summary>
public sealed record ComparisonSnapshot : IJobSnapshot
{
    /// <summary>What was asked for.</summary>
    public required CompareRequest Request { get; init; }

    /// <inheritdoc/>
    public required RunStatus Status { get; init; }

    /// <inheritdoc/>
    public int QueuePosition { get; init; }

    /// <summary>How much of the prompts has been read: 0 to 1.</summary>
    public double PromptProgress { get; init; }

    /// <summary>The seed of all columns: the one asked for, or the one that was drawn.</summary>
    public ulong Seed { get; init; }

    /// <summary>The columns, from left to right; empty until the models are there.</summary>
    public ImmutableArray<ColumnSnapshot> Columns { get; init; } = [];

    /// <summary>How often a model ran for a generated token, and how often it would have run for the columns one by one.</summary>
    public (int Made, int Alone) ForwardPasses { get; init; }

    /// <summary>What went wrong and what to do, when all of it failed.</summary>
    public string? Error { get; init; }

    /// <inheritdoc/>
    public bool IsActive => Status is not (RunStatus.Finished or RunStatus.Failed);
}

/// <summary>One column at one moment.</summary>
public sealed record ColumnSnapshot
{
    /// <summary>Its tokens so far.</summary>
    public ImmutableList<TokenStep> Steps { get; init; } = [];

    /// <summary>The index of its first token at which it and another column part; null while all agree.</summary>
    public int? Difference { get; init; }

    /// <summary>Known once it has ended.</summary>
    public GenerationSummary? Summary { get; init; }

    /// <summary>The metrics of its text in the order of <see cref="Generation.Metrics.RunMetrics.All"/>; empty until it has ended.</summary>
    public ImmutableArray<double?> Metrics { get; init; } = [];

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }
}
