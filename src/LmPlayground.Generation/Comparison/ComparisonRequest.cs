using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Generation.Comparison;

/// <summary>
/// Several requests to lay side by side. Columns that differ in their strategy alone and have one seed see the same logits and the same u
/// as long as their texts agree.
/// </summary>
public sealed record ComparisonRequest
{
    /// <summary>The fewest columns that there is something to compare in.</summary>
    public const int LeastColumns = 2;

    /// <summary>The most columns of one comparison. A page shows fewer; each column that parts from the others has a session of its own.</summary>
    public const int MostColumns = 64;

    /// <summary>The columns, from left to right: each what <see cref="GenerationEngine.Generate"/> would be asked for.</summary>
    public required ImmutableArray<GenerationRequest> Columns { get; init; }

    /// <exception cref="SettingException">Too few columns or too many.</exception>
    internal void Validate()
    {
        var count = Columns.IsDefault ? 0 : Columns.Length;
        if (count is < LeastColumns or > MostColumns)
            throw new SettingException("comparison.columns", $"A comparison has {LeastColumns} to {MostColumns} columns, not {count}.");
    }
}
