using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Masking;

namespace LmPlayground.Web.Runs;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Waits for its turn; <see cref="RunSnapshot.QueuePosition"/> says how many runs are before it.</summary>
    Queued,

    /// <summary>Its model is being read into memory.</summary>
    LoadingModel,

    /// <summary>The model reads the prompt.</summary>
    ReadingPrompt,

    /// <summary>Tokens are coming.</summary>
    Generating,

    /// <summary>Ended by a stop criterion or by the user.</summary>
    Finished,

    /// <summary>Ended by an error.</summary>
    Failed,
}

/// <summary>A run as it stands at one moment: immutable, what a page renders from.</summary>
public sealed record RunSnapshot : IJobSnapshot
{
    /// <summary>What was asked for.</summary>
    public required RunRequest Request { get; init; }

    /// <summary>Where the run stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>How many runs are before it in the queue, from 1; 0 when it is not queued.</summary>
    public int QueuePosition { get; init; }

    /// <summary>How much of the prompt has been read: 0 to 1.</summary>
    public double PromptProgress { get; init; }

    /// <summary>The seed of the run: the one asked for, or the one that was drawn.</summary>
    public ulong Seed { get; init; }

    /// <summary>How many tokens the prompt has; 0 until it is known.</summary>
    public int PromptTokens { get; init; }

    /// <summary>How many tokens the source text has; 0 until it is known, and where there is none.</summary>
    public int SourceTokens { get; init; }

    /// <summary>How many source tokens the model reads, null where nothing limits it.</summary>
    public int? SourceContextLength { get; init; }

    /// <summary>The model's context length, null where nothing limits it.</summary>
    public int? ContextLength { get; init; }

    /// <summary>What the model's chat template made of the prompt, or null where the prompt is read as it stands.</summary>
    public string? RenderedPrompt { get; init; }

    /// <summary>The tokens so far.</summary>
    public ImmutableList<TokenStep> Steps { get; init; } = [];

    /// <summary>The sequences of a search, while it goes on and after it; null where one text is sampled.</summary>
    public BeamsView? Beams { get; init; }

    /// <summary>From the start of the run to its first token; null before it.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Tokens a second so far; 0 until there are two.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Known when it has finished.</summary>
    public GenerationSummary? Summary { get; init; }

    /// <summary>The text as a masked model reads it, once it is known; null for other models.</summary>
    public MaskedText? Masked { get; init; }

    /// <summary>The same as <see cref="Summary"/> for a run over a masked text.</summary>
    public MaskedSummary? MaskedSummary { get; init; }

    /// <summary>What went wrong and what to do, when it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it goes on.</summary>
    public bool IsActive => Status is not (RunStatus.Finished or RunStatus.Failed);
}
