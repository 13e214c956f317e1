using System.Collections.Immutable;

namespace LmPlayground.Sharing.Inspection;

/// <summary>What other settings would have done at one step of a demo: known within <see cref="Bound"/>, or not known.</summary>
public sealed record DemoOutcome
{
    /// <summary>How far a probability that is known may be from the true one.</summary>
    public const double Bound = 0.01;

    /// <summary>Why it is not known; null where it is.</summary>
    public DemoUnknown? Unknown { get; init; }

    /// <summary>The stage that keeps it from being known, or null.</summary>
    public string? Stage { get; init; }

    /// <summary>The probability of each listed token after the sampler; empty where it is not known.</summary>
    public ImmutableArray<double> Sampled { get; init; } = [];

    /// <summary>The stage that removes each listed token, or null for one that stays.</summary>
    public ImmutableArray<string?> RemovedBy { get; init; } = [];

    /// <summary>The token that the same u draws; null where it lies too near to the border of two, or is none of the listed ones.</summary>
    public int? DrawnId { get; init; }

    /// <summary>Whether it is known.</summary>
    public bool IsKnown => Unknown is null;
}

/// <summary>Why a demo cannot say what other settings would have done.</summary>
public enum DemoUnknown
{
    /// <summary>The demo was made, or cut to the size of a link, without the histogram of the logits.</summary>
    NoLogits,

    /// <summary>A stage asks for more than a demo holds: the model's vocabulary, or every single logit.</summary>
    Stage,

    /// <summary>The tokens that are not listed weigh so much, or a cut falls so near to a token, that the answer could be wrong by more than the bound.</summary>
    TooClose,
}
