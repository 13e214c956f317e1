using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>What can be done with the text.</summary>
public partial class ActionBar
{
    /// <summary>Whether a run goes on: Stop stands where Generate stood.</summary>
    [Parameter, EditorRequired]
    public bool IsRunning { get; set; }

    /// <summary>Whether nothing can be done yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Whether a finished run of this prompt and model is there.</summary>
    [Parameter]
    public bool CanContinue { get; set; }

    /// <summary>Whether there are tokens to select.</summary>
    [Parameter]
    public bool HasTokens { get; set; }

    /// <summary>How many controls differ from the model's defaults.</summary>
    [Parameter]
    public int ChangedCount { get; set; }

    /// <summary>Whether the sampler's sheet is open on a narrow page.</summary>
    [Parameter]
    public bool SamplerIsOpen { get; set; }

    /// <summary>Begin anew.</summary>
    [Parameter]
    public EventCallback Generate { get; set; }

    /// <summary>End the run.</summary>
    [Parameter]
    public EventCallback Stop { get; set; }

    /// <summary>One token more.</summary>
    [Parameter]
    public EventCallback Next { get; set; }

    /// <summary>Go on.</summary>
    [Parameter]
    public EventCallback Continue { get; set; }

    /// <summary>Select the next uncertain token.</summary>
    [Parameter]
    public EventCallback NextUncertain { get; set; }

    /// <summary>Open or close the sampler's sheet.</summary>
    [Parameter]
    public EventCallback ToggleSampler { get; set; }

    /// <summary>Whether there is finished work to share.</summary>
    [Parameter]
    public bool CanShare { get; set; }

    /// <summary>Make a link to it.</summary>
    [Parameter]
    public EventCallback Share { get; set; }
}
