using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation;

/// <summary>What is known of a run when it has ended.</summary>
public sealed record GenerationSummary
{
    /// <summary>Why it ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Why and where, with all that is known of it; null for a run that was cancelled.</summary>
    public StopPoint? Stop { get; init; }

    /// <summary>The seed that was used.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The generated text, cut before the stop string if one was found, or after it where it is kept.</summary>
    public required string Text { get; init; }

    /// <summary>How many tokens the prompt has.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>How many tokens were generated, those of the run that was continued not counted.</summary>
    public required int NewTokens { get; init; }

    /// <summary>How many tokens of prompt and continuation were found in the prefix cache.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>From the start of the run to its first token.</summary>
    public required TimeSpan TimeToFirstToken { get; init; }

    /// <summary>New tokens a second after the first one; 0 when there is none.</summary>
    public required double TokensPerSecond { get; init; }
}
