using LmPlayground.Generation.Masking;
using LmPlayground.Runs;
using LmPlayground.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>What can be done with a text when a masked model is picked.</summary>
public partial class MaskedActions
{
    private SelectOption[] Orders =>
    [
        new(RunSettings.FillOrder.TextOf(FillOrder.LeftToRight), Words["LeftToRight"], Words["LeftToRightHelp"]),
        new(RunSettings.FillOrder.TextOf(FillOrder.MostCertain), Words["MostCertainFirst"], Words["MostCertainFirstHelp"]),
    ];

    /// <summary>Whether a run goes on: Stop stands where Fill stood.</summary>
    [Parameter, EditorRequired]
    public bool IsRunning { get; set; }

    /// <summary>How the model writes a gap.</summary>
    [Parameter, EditorRequired]
    public string MaskToken { get; set; } = "";

    /// <summary>Which gap is filled next.</summary>
    [Parameter, EditorRequired]
    public FillOrder Order { get; set; }

    /// <summary>Whether nothing can be done yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>How many controls differ from the model's defaults.</summary>
    [Parameter]
    public int ChangedCount { get; set; }

    /// <summary>Whether the sampler's sheet is open on a narrow page.</summary>
    [Parameter]
    public bool SamplerIsOpen { get; set; }

    /// <summary>Fill the gaps.</summary>
    [Parameter]
    public EventCallback Fill { get; set; }

    /// <summary>Score every token.</summary>
    [Parameter]
    public EventCallback Score { get; set; }

    /// <summary>End the run.</summary>
    [Parameter]
    public EventCallback Stop { get; set; }

    /// <summary>Put a gap into the text.</summary>
    [Parameter]
    public EventCallback InsertMask { get; set; }

    /// <summary>Another order.</summary>
    [Parameter]
    public EventCallback<FillOrder> OrderChanged { get; set; }

    /// <summary>Open or close the sampler's sheet.</summary>
    [Parameter]
    public EventCallback ToggleSampler { get; set; }

    private Task PickAsync(string name) => RunSettings.FillOrder.TryRead(name, out var order, out _)
        ? OrderChanged.InvokeAsync(order)
        : Task.CompletedTask;

    /// <summary>Whether there is finished work to share.</summary>
    [Parameter]
    public bool CanShare { get; set; }

    /// <summary>Make a link to it.</summary>
    [Parameter]
    public EventCallback Share { get; set; }
}
