using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Comparing;

/// <summary>One column: what it is called, its text before and after the first difference, its strip, and the alternatives of the selected token.</summary>
public partial class ColumnView
{
    /// <summary>How many alternatives a column lists.</summary>
    private const int Listed = 6;

    /// <summary>Its place, from 0.</summary>
    [Parameter, EditorRequired]
    public int Index { get; set; }

    /// <summary>What differs from the first column.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<string> Title { get; set; } = [];

    /// <summary>The models that can be picked.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<ModelEntry> Models { get; set; } = [];

    /// <summary>The model's id, or null.</summary>
    [Parameter, EditorRequired]
    public string? ModelId { get; set; }

    /// <summary>What it has generated, or null before it has.</summary>
    [Parameter]
    public ColumnDetail? Column { get; set; }

    /// <summary>Whether the comparison goes on.</summary>
    [Parameter]
    public bool IsRunning { get; set; }

    /// <summary>Whether its tokens belong to other settings than those shown.</summary>
    [Parameter]
    public bool IsStale { get; set; }

    /// <summary>Whether any two columns differ: then a line goes across all.</summary>
    [Parameter]
    public bool HasParted { get; set; }

    /// <summary>Whether its sampler is shown.</summary>
    [Parameter]
    public bool IsSelected { get; set; }

    /// <summary>The index of the selected token, the same in all columns.</summary>
    [Parameter]
    public int Token { get; set; }

    /// <summary>Whether enough columns are left without it.</summary>
    [Parameter]
    public bool CanBeRemoved { get; set; }

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>The address of this column alone.</summary>
    [Parameter]
    public string? Link { get; set; }

    /// <summary>The column was selected.</summary>
    [Parameter]
    public EventCallback Selected { get; set; }

    /// <summary>A token was selected.</summary>
    [Parameter]
    public EventCallback<TokenSelectEventArgs> TokenSelected { get; set; }

    /// <summary>Another model's id.</summary>
    [Parameter]
    public EventCallback<string> ModelPicked { get; set; }

    /// <summary>The column is to go.</summary>
    [Parameter]
    public EventCallback Removed { get; set; }

    private IReadOnlyList<SelectOption> ModelOptions => [.. Models.Select(entry => new SelectOption(entry.Id, entry.Name))];

    private ImmutableList<TokenStep> Steps => Column?.Steps ?? [];

    /// <summary>Where its own part begins: the end of its text while it agrees with all others.</summary>
    private int Fork => Math.Min(Column?.Difference ?? int.MaxValue, Steps.Count);

    private int ShownToken => Token < Steps.Count ? Token : -1;

    private string Class => (IsSelected ? "column selected" : "column") + (HasParted ? " parted" : "") + (IsStale ? " stale" : "");

    private string? Ending => Column switch
    {
        { Steps.IsEmpty: true } or null => null,
        _ when IsStale => Words["SettingsChanged"],
        { Summary.FinishReason: { } reason } when reason == FinishReason.Cancelled => Words["StoppedByYou"].Value,
        { Summary: { } summary } => Words.Plural("Ended", summary.NewTokens, Show.Count(summary.NewTokens), Library.Label(summary.FinishReason)),
        _ => null,
    };
}
