using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>The beginning of a run in its colours: an element for each stretch of one colour.</summary>
/// <remarks>Written without markup: between tokens not one character of white space may slip in.</remarks>
public sealed class BeginningText : ComponentBase
{
    private BeginningRun? _shown;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public BeginningRun Run { get; set; } = null!;

    /// <summary>What was given before it, or empty.</summary>
    [Parameter]
    public string Prompt { get; set; } = "";

    /// <summary>It never changes, and the page around it is rendered often.</summary>
    protected override bool ShouldRender() => !ReferenceEquals(_shown, Run);

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        _shown = Run;
        if (Prompt.Length > 0)
            Add(builder, "given", Prompt);
        foreach (var piece in Run.Pieces)
            Add(builder, piece.Heat == BeginningPiece.Given ? "given" : $"t h{piece.Heat}", piece.Text);
        if (Run.IsCut)
            builder.AddContent(3, "…");
    }

    private static void Add(RenderTreeBuilder builder, string look, string text)
    {
        builder.OpenElement(0, "span");
        builder.AddAttribute(1, "class", look);
        builder.AddContent(2, text);
        builder.CloseElement();
    }
}
