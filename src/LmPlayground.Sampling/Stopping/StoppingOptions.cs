using System.Collections.Immutable;

namespace LmPlayground.Sampling.Stopping;

/// <summary>When a run ends. Equal settings are equal records.</summary>
public sealed record StoppingOptions
{
    /// <summary>The most tokens a run generates: 1 or more. OpenAI calls it max_tokens.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>Whether the model's end-of-sequence tokens end the run.</summary>
    public bool StopAtEndOfSequence { get; init; } = true;

    /// <summary>Strings that end the run; the text is cut before them. Empty strings are ignored.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];

    /// <summary>Token ids that end the run.</summary>
    public ImmutableArray<int> StopTokenIds { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(StoppingOptions? other) =>
        other is not null && MaxNewTokens == other.MaxNewTokens && StopAtEndOfSequence == other.StopAtEndOfSequence
        && StopStrings.AsSpan().SequenceEqual(other.StopStrings.AsSpan())
        && StopTokenIds.AsSpan().SequenceEqual(other.StopTokenIds.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(MaxNewTokens, StopAtEndOfSequence, StopStrings.Length, StopTokenIds.Length);
}
