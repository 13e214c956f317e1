using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>Why this token: its alternatives and the draw.</summary>
public partial class TokenPanel
{
    /// <summary>While a run is followed the table changes sixteen times a second: only the rows that can be seen are sent.</summary>
    private const int FollowedRows = 20;

    private bool _all;

    /// <summary>The selected step, as the settings in use sample it; null when there is none.</summary>
    [Parameter, EditorRequired]
    public TokenStep? Step { get; set; }

    /// <summary>Its index, or -1.</summary>
    [Parameter]
    public int Index { get; set; } = -1;

    /// <summary>How many tokens there are.</summary>
    [Parameter]
    public int Count { get; set; }

    /// <summary>Whether the panel shows the newest token of a run that goes on.</summary>
    [Parameter]
    public bool IsFollowing { get; set; }

    /// <summary>The temperature in use.</summary>
    [Parameter]
    public double Temperature { get; set; } = 1;

    /// <summary>Whether <see cref="Step"/> shows other settings than those it was drawn with.</summary>
    [Parameter]
    public bool IsWhatIf { get; set; }

    /// <summary>The stage that would have removed the token under those settings, or null.</summary>
    [Parameter]
    public string? RemovedBy { get; set; }

    /// <summary>Whether the model fills gaps.</summary>
    [Parameter]
    public bool IsMasked { get; set; }

    /// <summary>Whether nothing can be done yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Whether the sheet is open on a narrow page.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>Another token's index.</summary>
    [Parameter]
    public EventCallback<int> Moved { get; set; }

    /// <summary>The sheet is to be closed.</summary>
    [Parameter]
    public EventCallback Closed { get; set; }

    /// <summary>The user wants to see what stands here.</summary>
    [Parameter]
    public EventCallback Example { get; set; }

    private string? Note => !IsWhatIf ? null
        : RemovedBy is { } stage ? Words["RemovedBy", Library.Removal(stage, Temperature)].Value
        : Words["WithNewSettings"].Value;

    private string DrawNote =>
        Step is { IsForced: true } ? Words["SearchChoseToken"]
        : Temperature == 0 ? Words["GreedyWhateverU"]
        : Step is { } step && IsWhatIf && step.Draw.Id != step.Id ? Words["NowDrawn", Show.Token(Drawn(step))]
        : Step is { } given && given.Draw.Id != given.Id ? Words["GivenDiceDraw", Show.Token(Drawn(given))]
        : Words["SameSeedSameU"];

    private string Drawn(TokenStep step) =>
        step.Top.FirstOrDefault(candidate => candidate.Id == step.Draw.Id)?.Text ?? Words["TokenNumber", step.Draw.Id];
}
