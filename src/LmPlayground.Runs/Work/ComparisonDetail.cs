using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Models;
using LmPlayground.Runs.Messages;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Work;

/// <summary>A comparison as it stands at one moment. Immutable.</summary>
public sealed record ComparisonDetail
{
    /// <summary>What was asked for, with what the run decides itself: the seed, and the time that a chat template sees.</summary>
    public required RunRequest Request { get; init; }

    /// <summary>The columns, from left to right; without tokens until the models are there.</summary>
    public ImmutableArray<ColumnDetail> Columns { get; init; } = [];

    /// <summary>The key of all columns' random numbers, where they have none of their own.</summary>
    public ulong Seed => Request.Seed ?? 0;

    /// <summary>How often a model ran for a generated token, and how often it would have run for the columns one by one.</summary>
    public (int Made, int Alone) ForwardPasses { get; init; }

    /// <summary>How often a sequence was copied because texts parted.</summary>
    public int Forks { get; init; }

    /// <summary>The metrics of all texts together in the order of <see cref="Generation.Metrics.RunMetrics.All"/>; empty until they have ended.</summary>
    public ImmutableArray<double?> MetricsTogether { get; init; } = [];

    /// <summary>The first token at which a column parts from another; null while all agree.</summary>
    public int? FirstDifference { get; init; }
}

/// <summary>One column at one moment.</summary>
public sealed record ColumnDetail
{
    /// <summary>What was asked for in this column: what all share, with what it changes.</summary>
    public RunRequest Request { get; init; } = new();

    /// <summary>The strategy in use: the model's defaults with what was chosen; null until the model is there.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>The model that runs; null until it is there.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>The prompt as the model reads it; empty until it is known.</summary>
    public ImmutableArray<int> PromptIds { get; init; } = [];

    /// <summary>How many tokens its prompt has; 0 until it is known.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Its tokens so far.</summary>
    public ImmutableList<TokenStep> Steps { get; init; } = [];

    /// <summary>The index of its first token at which it and another column part; null while all agree.</summary>
    public int? Difference { get; init; }

    /// <summary>The index of its first token at which it parts from the first column; null while the two agree.</summary>
    public int? DifferenceFromFirst { get; init; }

    /// <summary>Known once it has ended.</summary>
    public GenerationSummary? Summary { get; init; }

    /// <summary>The metrics of its text in the order of <see cref="Generation.Metrics.RunMetrics.All"/>; empty until it has ended.</summary>
    public ImmutableArray<double?> Metrics { get; init; } = [];

    /// <summary>Why it failed, or null.</summary>
    public Message? Error { get; init; }
}
