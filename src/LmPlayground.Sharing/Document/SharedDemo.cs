using System.Collections.Immutable;
using LmPlayground.Runs;

namespace LmPlayground.Sharing.Document;

/// <summary>
/// What is shared of finished work: all that shows it, without a model, and all that makes it again. One JSON document with a version.
/// </summary>
/// <remarks>
/// Immutable. Numbers of many tokens are columns (one list for each field, over all steps), not objects: 256 tokens with 20 candidates each take
/// less than 64 KB compressed. <c>DemoTokens</c> makes steps of them again.
/// </remarks>
public sealed record SharedDemo
{
    /// <summary>The version that is written: a later one is opened by a later playground alone, an earlier one by every later playground.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the names and their meaning.</summary>
    public required int Version { get; init; }

    /// <summary>What kind of work it shows.</summary>
    public required DemoKind Kind { get; init; }

    /// <summary>Its title: plain text of one line, or empty.</summary>
    public required string Title { get; init; }

    /// <summary>What it shows: plain text, or empty.</summary>
    public required string Description { get; init; }

    /// <summary>What its author says to it: plain text, or empty.</summary>
    public required string Note { get; init; }

    /// <summary>When it was shared: UTC, whole minutes.</summary>
    public required DateTime Created { get; init; }

    /// <summary>What computed it.</summary>
    public required DemoEnvironment Environment { get; init; }

    /// <summary>The models that ran, each once.</summary>
    public required ImmutableArray<DemoModel> Models { get; init; }

    /// <summary>What was asked for, with what the run decided itself: the seed, and the time that a chat template saw.</summary>
    public required RunRequest Request { get; init; }

    /// <summary>
    /// The runs. The first one is a root; one that leaves another is a branch of it. The columns of a comparison are roots side by side.
    /// </summary>
    public required ImmutableArray<DemoRun> Runs { get; init; }

    /// <summary>What is known of the columns of a comparison together; null for other kinds.</summary>
    public DemoComparison? Comparison { get; init; }
}

/// <summary>A kind of work that can be shared.</summary>
public enum DemoKind
{
    /// <summary>A text that was sampled.</summary>
    Run,

    /// <summary>A text that a search found, with the search's sequences.</summary>
    Search,

    /// <summary>A masked text that was filled or scored.</summary>
    Masked,

    /// <summary>Runs side by side.</summary>
    Comparison,
}

/// <summary>What is known of the columns of a comparison together.</summary>
public sealed record DemoComparison
{
    /// <summary>The first token at which a column parts from another; null where all agree.</summary>
    public int? FirstDifference { get; init; }

    /// <summary>How often a model ran for a generated token.</summary>
    public required int ForwardPasses { get; init; }

    /// <summary>How often it would have run for the columns one by one.</summary>
    public required int ForwardPassesAlone { get; init; }

    /// <summary>How often a sequence was copied because texts parted.</summary>
    public required int Forks { get; init; }

    /// <summary>The names of the metrics, in the order in which they are listed here and for each column.</summary>
    public required ImmutableArray<string> Metrics { get; init; }

    /// <summary>The metrics of all columns together; null where one is not defined for them.</summary>
    public required ImmutableArray<double?> Together { get; init; }
}
