namespace LmPlayground.Sampling.Stages;

/// <summary>What a stage may know besides the logits.</summary>
/// <param name="history">The tokens so far: the prompt, then the output.</param>
/// <param name="promptLength">How many of them are the prompt.</param>
/// <param name="seed">The run's seed: the key of its random numbers.</param>
/// <param name="position">The position of the token to come, or -1 for the one after <paramref name="history"/>.</param>
public readonly ref struct SamplingContext(ReadOnlySpan<int> history, int promptLength, ulong seed, int position = -1)
{
    /// <summary>The tokens so far: the prompt, then the output.</summary>
    public ReadOnlySpan<int> History { get; } = history;

    /// <summary>How many tokens of <see cref="History"/> are the prompt.</summary>
    public int PromptLength { get; } = promptLength;

    /// <summary>The tokens generated so far.</summary>
    public ReadOnlySpan<int> Output => History[PromptLength..];

    /// <summary>The position of the token to come: the counter of its random numbers.</summary>
    public int Position { get; } = position < 0 ? history.Length : position;

    /// <summary>The run's seed: the key of its random numbers.</summary>
    public ulong Seed { get; } = seed;
}
