using System.Collections.Immutable;
using LmPlayground.Generation.Scoring;
using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Work;

/// <summary>How models find a given continuation, as far as they have been asked. Immutable.</summary>
public sealed record ScoringDetail
{
    /// <summary>What was asked for: the prompt and its continuation; the columns say which models.</summary>
    public required RunRequest Request { get; init; }

    /// <summary>The models that have been asked, in order.</summary>
    public ImmutableArray<ModelScore> Scores { get; init; } = [];
}

/// <summary>How one model finds a given continuation.</summary>
/// <param name="ModelId">The model's id in the catalogue.</param>
/// <param name="Score">Its score, or null where it could not be made.</param>
/// <param name="Error">Why it could not, or null.</param>
public sealed record ModelScore(string ModelId, ContinuationScore? Score, Message? Error);
