using System.Collections.Immutable;
using LmPlayground.Runs;

namespace LmPlayground.Sharing.Document;

/// <summary>One run of a demo: a text, a branch of one, a masked text, or a column of a comparison.</summary>
public sealed record DemoRun
{
    /// <summary>Its name in the demo.</summary>
    public required string Id { get; init; }

    /// <summary>The run that it leaves; null for a root.</summary>
    public string? Parent { get; init; }

    /// <summary>How many steps from the parent's root on are the parent's: the branch's own steps follow them. Null for a root.</summary>
    public int? Position { get; init; }

    /// <summary>Its model, a place in <see cref="SharedDemo.Models"/>; null for a column whose model could not be loaded.</summary>
    public int? Model { get; init; }

    /// <summary>What was asked for.</summary>
    public required RunRequest Request { get; init; }

    /// <summary>The strategy in use, every number of it that is not neutral: the model's defaults with what was chosen.</summary>
    public required RunRequest Strategy { get; init; }

    /// <summary>Whether its tokens may have been read as rows of a batch.</summary>
    public required bool Batched { get; init; }

    /// <summary>The prompt as the model reads it; empty for a masked text.</summary>
    public required ImmutableArray<int> PromptIds { get; init; }

    /// <summary>The source as the model reads it; null where there is none.</summary>
    public ImmutableArray<int>? SourceIds { get; init; }

    /// <summary>What the model's chat template made of the prompt; null where the prompt was read as it stands.</summary>
    public string? RenderedPrompt { get; init; }

    /// <summary>Its own tokens.</summary>
    public required DemoSteps Steps { get; init; }

    /// <summary>Its text: what was generated, cut at a stop string; a masked text with its fills.</summary>
    public required string Text { get; init; }

    /// <summary>Why and where it ended; null for a masked text, and for a column that failed.</summary>
    public DemoStop? Stop { get; init; }

    /// <summary>What it cost.</summary>
    public required DemoUsage Usage { get; init; }

    /// <summary>The sequences of its search; null where one text was sampled.</summary>
    public DemoSearch? Search { get; init; }

    /// <summary>The text as a masked model reads it; null for other models.</summary>
    public DemoMaskedText? Masked { get; init; }

    /// <summary>What is known of it as a column of a comparison; null for other kinds.</summary>
    public DemoColumn? Column { get; init; }
}

/// <summary>Why and where a run ended.</summary>
public sealed record DemoStop
{
    /// <summary>The reason's name: "stop_string".</summary>
    public required string Reason { get; init; }

    /// <summary>The place of the last token in the sequence, counted from 0 at the first token of the prompt; null for a run that was cancelled.</summary>
    public int? Position { get; init; }

    /// <summary>Where the text was cut, in UTF-16 code units from the beginning of the output.</summary>
    public int? TextOffset { get; init; }

    /// <summary>The stop string that cut the text.</summary>
    public string? StopString { get; init; }

    /// <summary>How many tokens the repeated pattern has.</summary>
    public int? PatternSize { get; init; }

    /// <summary>How many times in a row the pattern was there, or how many tokens in a row were unsure.</summary>
    public int? Count { get; init; }
}

/// <summary>What a run cost.</summary>
public sealed record DemoUsage
{
    /// <summary>Tokens of the prompt, or of the masked text.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Tokens of the source.</summary>
    public required int SourceTokens { get; init; }

    /// <summary>Tokens that were generated, filled or scored.</summary>
    public required int NewTokens { get; init; }

    /// <summary>Tokens that were found in the prefix cache.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>Seconds from the start to the first token, in milliseconds' steps; null where there was none.</summary>
    public double? SecondsToFirstToken { get; init; }

    /// <summary>Tokens a second after the first one; 0 for fewer than two.</summary>
    public required double TokensPerSecond { get; init; }
}

/// <summary>What is known of a run as a column of a comparison.</summary>
public sealed record DemoColumn
{
    /// <summary>The index of its first token at which it and another column part; null where all agree.</summary>
    public int? Difference { get; init; }

    /// <summary>The index of its first token at which it parts from the first column; null where the two agree.</summary>
    public int? DifferenceFromFirst { get; init; }

    /// <summary>Its metrics in the order of <see cref="DemoComparison.Metrics"/>; empty where it has no token.</summary>
    public required ImmutableArray<double?> Metrics { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }
}
