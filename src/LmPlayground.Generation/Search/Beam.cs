using System.Collections.Immutable;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Search;

/// <summary>One sequence of a search after one of its steps, live or finished. Immutable.</summary>
public sealed record Beam
{
    /// <summary>The generated token ids; the prompt is not among them, an end-of-sequence token is.</summary>
    public required ImmutableArray<int> Ids { get; init; }

    /// <summary>The text of <see cref="Ids"/>, cut before the stop string if one ended it, or after it where it is kept.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// For each of <see cref="Ids"/>, ln of its probability under the model (after guidance, before any stage). Without stages, guidance and
    /// groups their sum is <see cref="Sum"/>.
    /// </summary>
    public required ImmutableArray<double> LogProbabilities { get; init; }

    /// <summary>What the search ranks live sequences by: the sum of the tokens' scores after the stages; for samples, of their log-probabilities.</summary>
    public required double Sum { get; init; }

    /// <summary>What finished sequences are ranked by: <see cref="Sum"/> / length^length_penalty; for samples, the mean log-probability.</summary>
    public required double Score { get; init; }

    /// <summary>Where the sequence without its last token stands in the earlier step's <see cref="BeamStep.Live"/>; -1 for the prompt itself.</summary>
    public required int Parent { get; init; }

    /// <summary>The beam group, from 0; for samples, the number of the sample, which its seed exceeds the request's seed by.</summary>
    public required int Group { get; init; }

    /// <summary>Why the sequence ended; null for a live one.</summary>
    public FinishReason? FinishReason { get; init; }
}

/// <summary>A search after one of its steps. Immutable.</summary>
public sealed record BeamStep
{
    /// <summary>How many tokens every live sequence has: 1 for the first step.</summary>
    public required int Length { get; init; }

    /// <summary>The sequences that go on, group by group and best first within each. In the last step: those that were given up.</summary>
    public required ImmutableArray<Beam> Live { get; init; }

    /// <summary>The finished sequences that are still in the running, best first.</summary>
    public required ImmutableArray<Beam> Finished { get; init; }

    /// <summary>The result, best first: empty but in the last step. Fewer than were asked for only where the model allows fewer sequences.</summary>
    public ImmutableArray<Beam> Returned { get; init; } = [];

    /// <summary>Whether the search ended with this step.</summary>
    public bool IsLast { get; init; }
}
