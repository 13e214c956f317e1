using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Runs.Comparisons;

/// <summary>What a page asks to see side by side. Equal requests are equal records.</summary>
public sealed record CompareRequest
{
    /// <summary>The prompt's text, the same for all.</summary>
    public required string Prompt { get; init; }

    /// <summary>The columns, from left to right.</summary>
    public required ImmutableArray<CompareColumn> Columns { get; init; }

    /// <summary>When a column stops.</summary>
    public StoppingOptions Stopping { get; init; } = new();

    /// <summary>The seed of all, or null to draw one.</summary>
    public ulong? Seed { get; init; }

    /// <inheritdoc/>
    public bool Equals(CompareRequest? other) =>
        other is not null && Prompt == other.Prompt && Columns.AsSpan().SequenceEqual(other.Columns.AsSpan())
        && Stopping.Equals(other.Stopping) && Seed == other.Seed;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Prompt, Columns.Length, Stopping, Seed);
}

/// <summary>One column: a model and a strategy.</summary>
/// <param name="ModelId">The model's id in the catalogue.</param>
/// <param name="Sampling">The strategy.</param>
public sealed record CompareColumn(string ModelId, SamplingOptions Sampling);
