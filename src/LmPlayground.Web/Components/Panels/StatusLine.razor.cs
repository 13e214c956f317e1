using System.Globalization;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Runs;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>One line: where the run stands, how fast it is, and why it stopped.</summary>
public partial class StatusLine
{
    /// <summary>The run, or null before the first one.</summary>
    [Parameter, EditorRequired]
    public RunSnapshot? Snapshot { get; set; }

    private string Progress => (Snapshot?.PromptProgress ?? 0).ToString("0.###", CultureInfo.InvariantCulture);

    private int Tokens => Snapshot is { Steps.Count: 0, Beams: { } beams } ? beams.Step.Length : Snapshot?.Steps.Count ?? 0;

    private string Speed => (Snapshot?.Beams?.TokensPerSecond ?? Snapshot?.TokensPerSecond) is > 0 and var speed
        ? speed.ToString(speed < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture)
        : "–";

    private (string Label, string Reason)? End => Snapshot switch
    {
        { Status: RunStatus.Failed } => ("failed:", "see above"),
        { Status: RunStatus.Finished, MaskedSummary: { } masked } => ("stopped:", masked.IsCancelled ? Show.Reason(FinishReason.Cancelled) : "done"),
        { Status: RunStatus.Finished, Summary.FinishReason: { } reason } when reason == FinishReason.Cancelled => ("stopped", Show.Reason(FinishReason.Cancelled)),
        { Status: RunStatus.Finished, Summary.Stop: { } stop } => ("stopped:", Show.Reason(stop)),
        { Status: RunStatus.Finished, Summary: { } summary } => ("stopped:", Show.Reason(summary.FinishReason)),
        { Status: RunStatus.Finished, Steps: [.., { FinishReason: { } reason }] } => ("stopped:", Show.Reason(reason)),
        _ => null,
    };
}
