using System.Collections.Immutable;

namespace LmPlayground.Generation.Inspection;

/// <summary>The probabilities of one step over the whole vocabulary, indexed by token id; each list sums to 1.</summary>
/// <param name="Model">The model's own, at temperature 1.</param>
/// <param name="Sampled">After the sampler: what the token was drawn with; 0 for a token that was removed.</param>
public sealed record StepDistribution(ImmutableArray<double> Model, ImmutableArray<double> Sampled);
