using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

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

    private static readonly ImmutableArray<PhraseValue> Keys =
        [new("", Content: builder => AddKey(builder, "Ctrl ↵")), new("", Content: builder => AddKey(builder, "Esc"))];

    private int Tokens => Snapshot?.Detail is { Steps.Count: 0, Beams: { } beams } ? beams.Step.Length : Snapshot?.Detail.Steps.Count ?? 0;

    private string Speed => (Snapshot?.Detail.Beams?.TokensPerSecond ?? Snapshot?.Detail.TokensPerSecond) is > 0 and var speed
        ? speed.ToString(speed < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture)
        : "–";

    /// <summary>A masked model fills its prompt; the tokens of any other come after it.</summary>
    private static int ContextTokens(RunDetail detail) => detail.PromptTokens + (detail.Masked is null ? detail.Steps.Count : 0);

    private static string Limit(int? length) => length is { } most ? $" / {Show.Count(most)}" : "";

    private static void AddKey(RenderTreeBuilder builder, string key)
    {
        builder.OpenElement(0, "kbd");
        builder.AddContent(1, key);
        builder.CloseElement();
    }

    private (string Label, string Reason)? End => Snapshot switch
    {
        { Status: JobStatus.Failed } => (Words["Failed"], Words["SeeAbove"]),
        { Status: JobStatus.Finished, Detail.MaskedSummary: { } masked } => (Words["Stopped"], masked.IsCancelled ? Library.Label(FinishReason.Cancelled) : Words["Done"]),
        { Status: JobStatus.Finished, Detail.Summary.FinishReason: { } reason } when reason == FinishReason.Cancelled => (Words["StoppedNoColon"], Library.Label(FinishReason.Cancelled)),
        { Status: JobStatus.Finished, Detail.Summary.Stop: { } stop } => (Words["Stopped"], Show.Reason(stop)),
        { Status: JobStatus.Finished, Detail.Summary: { } summary } => (Words["Stopped"], Library.Label(summary.FinishReason)),
        { Status: JobStatus.Finished, Detail.Steps: [.., { FinishReason: { } reason }] } => (Words["Stopped"], Library.Label(reason)),
        _ => null,
    };
}
