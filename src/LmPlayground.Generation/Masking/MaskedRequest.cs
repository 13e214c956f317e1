using LmPlayground.Models;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Masking;

/// <summary>What is done with a text.</summary>
public enum MaskedTask
{
    /// <summary>Every mask is drawn from one look at the text: no fill knows of another.</summary>
    Predict,

    /// <summary>The masks are filled one after the other; the model sees each fill before the next one.</summary>
    Fill,

    /// <summary>
    /// Every token is hidden in turn and asked for: pseudo-log-likelihood (Salazar et al. 2020, "Masked Language Model Scoring"). Special
    /// tokens are not counted, and masks in the text stay masks.
    /// </summary>
    Score,
}

/// <summary>Which mask is filled next.</summary>
public enum FillOrder
{
    /// <summary>From the first to the last.</summary>
    LeftToRight,

    /// <summary>
    /// The one whose distribution, before the sampler, has the smallest entropy given all fills so far; of equals the first.
    /// </summary>
    MostCertain,
}

/// <summary>Text, model, task and strategy: everything that decides a run. The same request gives the same tokens.</summary>
public sealed record MaskedRequest
{
    /// <summary>The model.</summary>
    public required IMaskedModel Model { get; init; }

    /// <summary>The text, read by the same model.</summary>
    public required MaskedText Text { get; init; }

    /// <summary>What is done with it.</summary>
    public MaskedTask Task { get; init; } = MaskedTask.Fill;

    /// <summary>In which order masks are filled; other tasks go from left to right.</summary>
    public FillOrder Order { get; init; }

    /// <summary>The strategy.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The key of every random number of the run. A draw depends on it and on the mask's position, not on when it is filled.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How many candidates each step lists: 0 to the vocabulary's size.</summary>
    public int TopCandidates { get; init; } = 50;
}

/// <summary>What is known of a run over a masked text when it has ended.</summary>
public sealed record MaskedSummary
{
    /// <summary>Whether it ended before its last step.</summary>
    public required bool IsCancelled { get; init; }

    /// <summary>The seed that was used.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The text with what was filled.</summary>
    public required string Text { get; init; }

    /// <summary>How many masks were filled, or tokens scored.</summary>
    public required int Steps { get; init; }

    /// <summary>The sum of the steps' surprisal in bits: of a score, the pseudo-log-likelihood with its sign changed.</summary>
    public required double Bits { get; init; }

    /// <summary>The same for each character (code point) of the text, special tokens written in it not counted; meaningful for a score that ran to its end.</summary>
    public required double BitsPerCharacter { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }
}
