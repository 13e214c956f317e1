using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tracing;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>One stage of the chain: its controls and, below them, what it did at the selected step.</summary>
/// <remarks>
/// None of it is MudBlazor's: all stages in sight are 22 cards with 26 numbers, and a page of 500 tokens has 900 elements in all (<see cref="NumberBox{T}"/>).
/// </remarks>
public partial class StageCard
{
    private StageEffect _effect;

    /// <summary>The stage.</summary>
    [Parameter, EditorRequired]
    public SamplingStage Stage { get; set; } = null!;

    /// <summary>The settings in use.</summary>
    [Parameter, EditorRequired]
    public SamplingOptions Options { get; set; } = null!;

    /// <summary>The settings that the model's makers recommend.</summary>
    [Parameter, EditorRequired]
    public SamplingOptions Defaults { get; set; } = null!;

    /// <summary>What it did at the selected step; null where it did not run or no step is selected.</summary>
    [Parameter]
    public StageTrace? Trace { get; set; }

    /// <summary>How much of the model's distribution is left after it, 0 to 1.</summary>
    [Parameter]
    public double MassKept { get; set; } = 1;

    /// <summary>What is to be said of it, or null.</summary>
    [Parameter]
    public string? Note { get; set; }

    /// <summary>Whether it was added, and is not one of the stages that are always there.</summary>
    [Parameter]
    public bool CanBeRemoved { get; set; }

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>A parameter and its new value.</summary>
    [Parameter]
    public EventCallback<(NumberParameter Parameter, double Value)> Changed { get; set; }

    /// <summary>A list of texts and its new entries.</summary>
    [Parameter]
    public EventCallback<(TextListParameter Texts, ValueList<string> Entries)> TextsChanged { get; set; }

    /// <summary>The stage is to run earlier (-1) or later (1).</summary>
    [Parameter]
    public EventCallback<int> Moved { get; set; }

    /// <summary>It is to be switched off and to go.</summary>
    [Parameter]
    public EventCallback Removed { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _effect = StageEffect.Of(Stage, Options, Trace, Words, Library);
}
