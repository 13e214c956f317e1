namespace LmPlayground.Sampling.Tracing;

/// <summary>What one stage did at one step, over the whole vocabulary.</summary>
/// <param name="Stage">The stage's name: "top_p".</param>
/// <param name="Kept">How many tokens are left after it.</param>
/// <param name="RemovedMass">The probability, before the stage, of the tokens it removed: 0 to 1.</param>
/// <param name="EntropyBefore">Entropy of the distribution it was given, in bits.</param>
/// <param name="EntropyAfter">Entropy of the distribution it left, renormalised, in bits.</param>
/// <param name="Moved">How many logits it changed without removing their token.</param>
public readonly record struct StageTrace(
    string Stage, int Kept, double RemovedMass, double EntropyBefore, double EntropyAfter, int Moved)
{
    /// <summary>Whether the stage changed the distribution at all.</summary>
    public bool Changed { get; init; }

    /// <summary>The value of the stage's main parameter; null for a stage of texts alone.</summary>
    public double? Value { get; init; }

    /// <summary>Why it changed nothing, if so.</summary>
    public InertCause Inert { get; init; }

    /// <summary>Where it changed nothing: why, in words for people ("top-k 40 does nothing: min-p leaves 3"); else null.</summary>
    public string? InertReason => Inert.Describe(Stage, Value);
}
