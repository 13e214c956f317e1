using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation;

/// <summary>Prompt, model, strategy and stops: everything that decides a run. The same request gives the same tokens.</summary>
public sealed record GenerationRequest
{
    /// <summary>The model.</summary>
    public required ILanguageModel Model { get; init; }

    /// <summary>The prompt's token ids, special ones included. At least one.</summary>
    public required ImmutableArray<int> PromptIds { get; init; }

    /// <summary>
    /// Tokens of an earlier run over the same prompt that this run continues. They are read one by one, as they were generated, so
    /// that continuing gives the same bits as having gone on.
    /// </summary>
    public ImmutableArray<int> ContinuedIds { get; init; } = [];

    /// <summary>
    /// How sure the model was of the last of <see cref="ContinuedIds"/>, for the stop criteria that count tokens in a row; tokens without
    /// begin a new row. At most as many as there are continued tokens.
    /// </summary>
    public ImmutableArray<TokenConfidence> ContinuedConfidences { get; init; } = [];

    /// <summary>
    /// What an adaptive stage remembered when the continued tokens ended: <see cref="TokenStep.SamplerStateAfter"/> of the last of
    /// them. Null begins anew.
    /// </summary>
    public double? SamplerState { get; init; }

    /// <summary>
    /// Tokens that the run takes in place of those it would draw, for as long as there are some: a text that was found in another way, or
    /// that a user chose, traced like any other.
    /// </summary>
    public ImmutableArray<int> ForcedIds { get; init; } = [];

    /// <summary>The strategy.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>When to stop.</summary>
    public StoppingOptions Stopping { get; init; } = new();

    /// <summary>The key of every random number of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How many candidates each step lists: 0 to the vocabulary's size.</summary>
    public int TopCandidates { get; init; } = 50;
}
