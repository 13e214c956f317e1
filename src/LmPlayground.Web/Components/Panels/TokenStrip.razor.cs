using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>The generated tokens, flowing on after the prompt: one tab stop, arrows move, one event handler for all.</summary>
public partial class TokenStrip
{
    /// <summary>The tokens of the run.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TokenStep> Steps { get; set; } = [];

    /// <summary>The index of the selected token, or -1.</summary>
    [Parameter]
    public int Selected { get; set; } = -1;

    /// <summary>What other settings would have done, or empty.</summary>
    [Parameter]
    public ImmutableArray<StepOutcome> Outcomes { get; set; } = [];

    /// <summary>The marks of the chunk that begins at a token, where they come from elsewhere than <see cref="Outcomes"/>.</summary>
    [Parameter]
    public Func<int, TokenMarks>? Marks { get; set; }

    /// <summary>Whether more tokens may come.</summary>
    [Parameter]
    public bool IsRunning { get; set; }

    /// <summary>Whether the tokens belong to another prompt or model than the one shown.</summary>
    [Parameter]
    public bool IsStale { get; set; }

    /// <summary>A token was chosen.</summary>
    [Parameter]
    public EventCallback<TokenSelectEventArgs> Chosen { get; set; }
}
