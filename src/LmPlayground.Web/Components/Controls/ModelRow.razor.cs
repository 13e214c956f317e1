using LmPlayground.Models.Catalog;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>A model of the server with what is known of it, its state, and the one thing to do with it.</summary>
public sealed partial class ModelRow
{
    /// <summary>The model.</summary>
    [Parameter, EditorRequired]
    public ModelEntry Entry { get; set; } = null!;

    /// <summary>What went wrong with what was asked for last, or null.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Whether nothing can be pressed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Read it into memory.</summary>
    [Parameter]
    public EventCallback Load { get; set; }

    /// <summary>Take it out of memory.</summary>
    [Parameter]
    public EventCallback Unload { get; set; }
}
