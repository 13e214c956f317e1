using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Generation;

/// <summary>All that is known of one generated token. Immutable.</summary>
/// <remarks>Probabilities and entropies are over the whole vocabulary. Entropy and surprisal are in bits.</remarks>
public sealed record TokenStep
{
    /// <summary>The token's place in the sequence, counted from 0 at the first token of the prompt.</summary>
    public required int Position { get; init; }

    /// <summary>The token's id.</summary>
    public required int Id { get; init; }

    /// <summary>The text that it completes; empty for a special token and for a part of a character that later tokens complete.</summary>
    public required string Text { get; init; }

    /// <summary>The text that this token releases for good: what may be the beginning of a stop string is held back until it is decided.</summary>
    public string Released { get; init; } = "";

    /// <summary>The token for people: its text, or its bytes (&lt;0xE2&gt;) where it is no whole character, or a special token's name.</summary>
    public required string Display { get; init; }

    /// <summary>The model's logit.</summary>
    public required double Logit { get; init; }

    /// <summary>Its probability before the sampler: the model's own, at temperature 1.</summary>
    public required double Probability { get; init; }

    /// <summary>Its probability after the sampler: what it was drawn with; 0 if a stage removes it.</summary>
    public required double SampledProbability { get; init; }

    /// <summary>Its place among all tokens by logit, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>-log2 of <see cref="Probability"/>.</summary>
    public required double Surprisal { get; init; }

    /// <summary>Entropy of the model's own distribution.</summary>
    public required double Entropy { get; init; }

    /// <summary>What each stage that ran did, in order.</summary>
    public required ImmutableArray<StageTrace> Stages { get; init; }

    /// <summary>The draw that chose it; that would have chosen another one where <see cref="IsForced"/>.</summary>
    public required TokenDraw Draw { get; init; }

    /// <summary>Whether it was given (<see cref="GenerationRequest.ForcedIds"/>), not drawn.</summary>
    public bool IsForced { get; init; }

    /// <summary>What the adaptive stage remembered before this token (mirostat's mu, in bits); null without such a stage.</summary>
    public double? SamplerState { get; init; }

    /// <summary>The same after this token: with it another run continues from here.</summary>
    public double? SamplerStateAfter { get; init; }

    /// <summary>The most probable tokens by logit, in the total order; the chosen one is always among them, as the last if its rank is too low.</summary>
    public required ImmutableArray<TokenCandidate> Top { get; init; }

    /// <summary>All tokens that <see cref="Top"/> does not list.</summary>
    public required OtherTokens Others { get; init; }

    /// <summary>Why the run ended with this token; null for every token but the last.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The same with all that is known of it; null for every token but the last.</summary>
    public StopPoint? Stop { get; init; }
}

/// <summary>One alternative of a step.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The token for people, as <see cref="TokenStep.Display"/>.</param>
/// <param name="Rank">Its place among all tokens by logit, from 1.</param>
/// <param name="Logit">The model's logit.</param>
/// <param name="Probability">Before the sampler.</param>
/// <param name="SampledProbability">After the sampler; 0 if it was removed.</param>
/// <param name="CumulativeProbability">The model's probability of this token and all that rank above it.</param>
/// <param name="RemovedBy">The stage that removed it, or null.</param>
public sealed record TokenCandidate(
    int Id,
    string Text,
    int Rank,
    double Logit,
    double Probability,
    double SampledProbability,
    double CumulativeProbability,
    string? RemovedBy);

/// <summary>The tokens that a step's table does not list, together.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="Probability">Their mass before the sampler.</param>
/// <param name="SampledProbability">Their mass after the sampler.</param>
/// <param name="KeptCount">How many of them are left after the sampler.</param>
/// <param name="RemovedBy">The stage that removed most of them, or null if none was removed.</param>
public sealed record OtherTokens(int Count, double Probability, double SampledProbability, int KeptCount, string? RemovedBy);
