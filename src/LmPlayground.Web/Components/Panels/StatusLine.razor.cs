using System.Globalization;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>One line: where the run stands, how fast it is, and why it stopped.</summary>
public partial class StatusLine
{
    /// <summary>The run, or null before the first one.</summary>
    [Parameter, EditorRequired]
    public JobSnapshot<RunDetail>? Snapshot { get; set; }

    /// <summary>Counts the text that the next run would read, where it is not that of <see cref="Snapshot"/>.</summary>
    [Parameter]
    public PromptCounter? Counter { get; set; }

    /// <summary>Whether the model fills gaps.</summary>
    [Parameter]
    public bool IsMasked { get; set; }

    private int Tokens => Snapshot?.Detail is { Steps.Count: 0, Beams: { } beams } ? beams.Step.Length : Snapshot?.Detail.Steps.Count ?? 0;

    private string Speed => (Snapshot?.Detail.Beams?.TokensPerSecond ?? Snapshot?.Detail.TokensPerSecond) is > 0 and var speed
        ? speed.ToString(speed < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture)
        : "–";

    /// <summary>A masked model fills its prompt; the tokens of any other come after it.</summary>
    private static int ContextTokens(RunDetail detail) => detail.PromptTokens + (detail.Masked is null ? detail.Steps.Count : 0);

    private static string Limit(int? length) => length is { } most ? $" / {Show.Count(most)}" : "";

    private (string Label, string Reason)? End => Snapshot switch
    {
        { Status: JobStatus.Failed } => ("failed:", "see above"),
        { Status: JobStatus.Finished, Detail.MaskedSummary: { } masked } => ("stopped:", masked.IsCancelled ? Show.Reason(FinishReason.Cancelled) : "done"),
        { Status: JobStatus.Finished, Detail.Summary.FinishReason: { } reason } when reason == FinishReason.Cancelled => ("stopped", Show.Reason(FinishReason.Cancelled)),
        { Status: JobStatus.Finished, Detail.Summary.Stop: { } stop } => ("stopped:", Show.Reason(stop)),
        { Status: JobStatus.Finished, Detail.Summary: { } summary } => ("stopped:", Show.Reason(summary.FinishReason)),
        { Status: JobStatus.Finished, Detail.Steps: [.., { FinishReason: { } reason }] } => ("stopped:", Show.Reason(reason)),
        _ => null,
    };
}
