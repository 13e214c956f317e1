using LmPlayground.Generation;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>A token of a demo under other settings: its alternatives before and after, and how sure that is.</summary>
public sealed partial class TrialPanel
{
    private TokenStep? _before;
    private TokenStep? _now;

    /// <summary>The recorded step, or null.</summary>
    [Parameter, EditorRequired]
    public TokenStep? Step { get; set; }

    /// <summary>What the settings in use make of it; null while that is worked out.</summary>
    [Parameter]
    public DemoOutcome? Outcome { get; set; }

    /// <summary>Whether the settings in use are others than the recorded ones.</summary>
    [Parameter]
    public bool IsChanged { get; set; }

    /// <summary>The token's index, or -1.</summary>
    [Parameter]
    public int Index { get; set; } = -1;

    /// <summary>How many tokens there are.</summary>
    [Parameter]
    public int Count { get; set; }

    /// <summary>The temperature in use.</summary>
    [Parameter]
    public double Temperature { get; set; } = 1;

    /// <summary>Whether the sheet is open on a narrow page.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>Another token's index.</summary>
    [Parameter]
    public EventCallback<int> Moved { get; set; }

    /// <summary>The sheet is to be closed.</summary>
    [Parameter]
    public EventCallback Closed { get; set; }

    private bool IsKnown => !IsChanged || Outcome is { IsKnown: true };

    private string? Note => !IsChanged || !IsKnown || Step is null ? null
        : Words[Outcome!.MarkOf(Step) switch
        {
            DemoMark.Removed => "NoteRemoved",
            DemoMark.Redrawn => "NoteRedrawn",
            DemoMark.Same => "NoteSame",
            _ => "NoteUnsure",
        }].Value;

    private string Certainty => !IsChanged ? Words["Recorded"]
        : Outcome switch
        {
            null => Words["BeingWorkedOut"],
            { IsKnown: true, DrawnId: null } => Words["WithinUnsure"],
            { IsKnown: true } => Words["Within"],
            { Unknown: DemoUnknown.Stage, Stage: { } stage } => Words["UnknownStage", Library.Stage(stage)],
            { Unknown: DemoUnknown.NoLogits } => Words["NoLogits"],
            _ => Words["UnknownTooClose"],
        };

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _before = Step is null ? null : DemoRunView.Seen(Step);
        _now = Step is null ? null : IsChanged && Outcome is { } outcome ? DemoRunView.Seen(outcome.Apply(Step)) : _before;
    }

    private string DrawNote(TokenStep before, TokenStep now) =>
        before.IsForced ? PanelWords["SearchChoseToken"]
        : Temperature == 0 ? PanelWords["GreedyWhateverU"]
        : now.Draw.Id != before.Draw.Id ? PanelWords["NowDrawn", Show.Token(now.Top.FirstOrDefault(candidate => candidate.Id == now.Draw.Id)?.Text ?? "")]
        : Words["SameU"];

    private string Share(TokenCandidate candidate) =>
        candidate.RemovedBy is { } stage ? Library.Removal(stage, Temperature) : Show.Cell(candidate.SampledProbability);

    private string ClassOf(TokenCandidate candidate) =>
        candidate.Id == Step!.Id ? "chosen" : IsKnown && candidate.RemovedBy is not null ? "cut" : "";
}
