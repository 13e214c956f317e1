using System.Collections.Immutable;

namespace LmPlayground.Generation.Comparison;

/// <summary>One more token of every column.</summary>
/// <param name="Index">The round, from 0: the tokens' index in their columns.</param>
/// <param name="Steps">Each column's token, in the order of the columns; null for one that has ended before, or failed.</param>
public sealed record ComparisonRound(int Index, ImmutableArray<TokenStep?> Steps);
