using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.State;

/// <summary>What a screen reader is to say of a comparison: that it has begun, where its columns part, and its end; not every token.</summary>
/// <param name="words">What the page says.</param>
internal sealed class ComparisonSpeech(PageWords words)
{
    private bool _hasParted;

    /// <summary>What is to be said now.</summary>
    internal string Text { get; private set; } = "";

    /// <summary>Begins with a comparison.</summary>
    internal void Begin() => (_hasParted, Text) = (false, "");

    /// <summary>The comparison has got so far.</summary>
    internal void Follow(JobSnapshot<ComparisonDetail> run) => Text = run switch
    {
        { Status: JobStatus.Queued, QueuePosition: > 1 and var place } => Show.Queue(place),
        { Status: JobStatus.Queued } => Text,
        { Status: JobStatus.LoadingModel } => words["SayLoadingModels"],
        { Status: JobStatus.ReadingPrompt } => words["SayReading"],
        { Status: JobStatus.Failed } => words["SayFailed", run.Error is { } error ? words.Of(error) : ""],
        { IsActive: true, Detail: var detail } when Parted(detail) is { } parted => parted,
        { IsActive: true, Detail.Columns: var columns } => Text.Length > 0 && _hasParted ? Text : words["SayColumns", Show.Count(columns.Length)],
        { Detail: var detail } => words["SayFinishedText", Tokens(detail), Parting(detail) is { Length: > 0 } parting ? parting : words["SayAllAgree"]],
    };

    /// <summary>Where the columns part, the first time that they have.</summary>
    private string? Parted(ComparisonDetail run)
    {
        if (_hasParted || Parting(run) is not { Length: > 0 } parting)
            return null;
        _hasParted = true;
        return parting;
    }

    private string Parting(ComparisonDetail run) =>
        run.Columns.Min(column => column.Difference) is { } first ? words["FirstDifference", Show.Count(first + 1)] : "";

    private string Tokens(ComparisonDetail run) =>
        run.Columns.Select(column => column.Steps.Count).DefaultIfEmpty().Max() is var count ? words.Plural("Tokens", count, Show.Count(count)) : "";
}
