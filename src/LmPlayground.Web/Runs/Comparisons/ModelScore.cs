using LmPlayground.Generation.Scoring;

namespace LmPlayground.Web.Runs.Comparisons;

/// <summary>How one model finds a given continuation.</summary>
/// <param name="ModelId">The model's id in the catalogue.</param>
/// <param name="Score">Its score, or null where it could not be made.</param>
/// <param name="Error">Why it could not, or null.</param>
public sealed record ModelScore(string ModelId, ContinuationScore? Score, string? Error);
