using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.State;

/// <summary>What a screen reader is to say of a comparison: that it has begun, where its columns part, and its end; not every token.</summary>
internal sealed class ComparisonSpeech
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
        { Status: JobStatus.LoadingModel } => "Loading the models",
        { Status: JobStatus.ReadingPrompt } => "Reading the prompt",
        { Status: JobStatus.Failed } => $"Failed: {run.Error}",
        { IsActive: true, Detail: var detail } when Parted(detail) is { } parted => parted,
        { IsActive: true, Detail.Columns: var columns } => Text.Length > 0 && _hasParted ? Text : $"Generating in {Show.Count(columns.Length)} columns",
        { Detail: var detail } => $"Finished with {Tokens(detail)}: {(Parting(detail) is { Length: > 0 } parting ? parting : "all columns agree")}",
    };

    /// <summary>Where the columns part, the first time that they have.</summary>
    private string? Parted(ComparisonDetail run)
    {
        if (_hasParted || Parting(run) is not { Length: > 0 } parting)
            return null;
        _hasParted = true;
        return parting;
    }

    private static string Parting(ComparisonDetail run) =>
        run.Columns.Min(column => column.Difference) is { } first ? $"first difference at token {Show.Count(first + 1)}" : "";

    private static string Tokens(ComparisonDetail run) =>
        run.Columns.Select(column => column.Steps.Count).DefaultIfEmpty().Max() is var count && count == 1 ? "1 token" : $"{Show.Count(count)} tokens";
}
