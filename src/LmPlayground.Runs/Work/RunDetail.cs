using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Masking;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Work;

/// <summary>A run over one text as it stands at one moment: a continuation, a search for one, or a masked text. Immutable.</summary>
public sealed record RunDetail
{
    /// <summary>What was asked for, with what the run decides itself: the seed, and the time that a chat template sees.</summary>
    public required RunRequest Request { get; init; }

    /// <summary>The strategy in use: the model's defaults with what was chosen; null until the model is there.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>The model that runs; null until it is there.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>The stretches that the run was made in, in order: more than one where it was continued. Empty until the model is there.</summary>
    public ImmutableArray<RunStretch> Stretches { get; init; } = [];

    /// <summary>The key of the run's random numbers: the one asked for, or the one that was drawn.</summary>
    public ulong Seed => Request.Seed ?? 0;

    /// <summary>The prompt as the model reads it; empty until it is known. A run that is continued hands it on: a template may not give it a second time.</summary>
    public ImmutableArray<int> PromptIds { get; init; } = [];

    /// <summary>The source as the model reads it; null until it is known, and where there is none.</summary>
    public ImmutableArray<int>? SourceIds { get; init; }

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
}

/// <summary>A stretch of a run that was made in one go.</summary>
/// <param name="FirstStep">The index of its first step.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Sampling">The strategy: the model's defaults with what was chosen.</param>
public sealed record RunStretch(int FirstStep, RunRequest Request, SamplingOptions Sampling);
