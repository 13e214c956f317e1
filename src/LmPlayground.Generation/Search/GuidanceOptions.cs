using System.Collections.Immutable;

namespace LmPlayground.Generation.Search;

/// <summary>The settings of classifier-free guidance (Sanchez et al. 2023, arXiv:2306.17806).</summary>
public sealed record GuidanceOptions
{
    /// <summary>g in u + g * (c - u): 1 is off, above 1 moves away from the negative prompt, 0 follows it alone. 0 or more.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>
    /// The prompt that the second sequence begins with; empty for the last token of the prompt itself, which is transformers' default.
    /// </summary>
    public ImmutableArray<int> NegativeIds { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(GuidanceOptions? other) =>
        other is not null && Scale.Equals(other.Scale) && NegativeIds.AsSpan().SequenceEqual(other.NegativeIds.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scale, NegativeIds.Length);
}
