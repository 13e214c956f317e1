using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.State;

/// <summary>What a user has decided on the compare page. Maps to its address and back. Equal states are equal records.</summary>
public sealed record CompareState
{
    /// <summary>The most columns of the page.</summary>
    public const int MostColumns = 8;

    /// <summary>The fewest columns that there is something to compare in.</summary>
    public const int LeastColumns = 2;

    /// <summary>What a new page shows: the model's own settings beside a warmer strategy.</summary>
    public static readonly ImmutableArray<PlaygroundState> UsualColumns =
    [
        new(),
        new() { Chosen = ImmutableSortedDictionary<string, double>.Empty.Add(TemperatureStage.Temperature.Name, 1.4) },
    ];

    /// <summary>The prompt of all columns; null is the first column's model's example.</summary>
    public string? Prompt { get; init; }

    /// <summary>When a column stops.</summary>
    public StoppingOptions Stopping { get; init; } = new();

    /// <summary>The seed of all columns; null draws one.</summary>
    public ulong? Seed { get; init; }

    /// <summary>A continuation that every model is asked to score; empty asks none.</summary>
    public string Continuation { get; init; } = "";

    /// <summary>The columns: their model and strategy; what all columns share is not looked at in them.</summary>
    public ImmutableArray<PlaygroundState> Columns { get; init; } = UsualColumns;

    /// <summary>This state with one column changed.</summary>
    public CompareState With(int index, PlaygroundState column) => this with { Columns = Columns.SetItem(index, column) };

    /// <summary>This state with a copy of the last column.</summary>
    public CompareState Added() => this with { Columns = Columns.Add(Columns[^1]) };

    /// <summary>This state without a column.</summary>
    public CompareState Without(int index) => this with { Columns = Columns.RemoveAt(index) };

    /// <inheritdoc/>
    public bool Equals(CompareState? other) =>
        other is not null && string.Equals(Prompt, other.Prompt, StringComparison.Ordinal) && Stopping.Equals(other.Stopping)
        && Seed == other.Seed && Continuation == other.Continuation && Columns.AsSpan().SequenceEqual(other.Columns.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Prompt, Stopping, Seed, Columns.Length);
}
