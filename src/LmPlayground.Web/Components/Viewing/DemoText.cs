using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>The tokens of a demo: each an element with its colour, so that nothing of it needs a script.</summary>
/// <remarks>Written without markup: between inline tokens not one character of white space may slip in.</remarks>
public sealed class DemoText : ComponentBase
{
    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public DemoRunView Run { get; set; } = null!;

    /// <summary>What it is called by those who hear it.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>Its place among the runs.</summary>
    [Parameter]
    public int Index { get; set; }

    /// <summary>The selected token, or -1.</summary>
    [Parameter]
    public int Selected { get; set; }

    /// <summary>The first token that differs from another column's, or -1.</summary>
    [Parameter]
    public int Difference { get; set; } = -1;

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "span");
        builder.AddAttribute(1, "class", Run.Run.Masked is null ? "tokens" : "tokens masked-text");
        builder.AddAttribute(2, "data-testid", "tokens");
        if (Run.Steps.Length > 0)
        {
            builder.AddAttribute(3, "role", "listbox");
            builder.AddAttribute(4, "aria-label", Label);
            builder.AddAttribute(5, "aria-orientation", "horizontal");
            builder.AddAttribute(6, "tabindex", 0);
            builder.AddAttribute(7, "aria-activedescendant", Selected >= 0 && Selected < Run.Steps.Length ? Id(Selected) : null);
        }

        if (Run.Run.Masked is { } masked)
        {
            foreach (var (step, given) in MaskedPieces.Of(Run, masked))
            {
                if (step < 0)
                    AddGiven(builder, given);
                else
                    AddToken(builder, step);
            }
        }
        else
        {
            for (var i = 0; i < Run.Steps.Length; i++)
                AddToken(builder, i);
        }

        builder.CloseElement();
    }

    /// <summary>Text between the tokens is no choice of the list: those who hear the list hear its tokens.</summary>
    private static void AddGiven(RenderTreeBuilder builder, string text)
    {
        builder.OpenElement(10, "span");
        builder.AddAttribute(11, "class", "given");
        builder.AddAttribute(12, "aria-hidden", "true");
        builder.AddContent(13, text);
        builder.CloseElement();
    }

    private void AddToken(RenderTreeBuilder builder, int index)
    {
        var step = Run.Steps[index];
        var isSelected = index == Selected;
        builder.OpenElement(14, "span");
        builder.AddAttribute(15, "class", $"t h{Show.Heat(step.Probability)}{(isSelected ? " sel" : "")}{(index == Difference ? " difference" : "")}");
        builder.AddAttribute(16, "data-token", index);
        builder.AddAttribute(17, "id", Id(index));
        builder.AddAttribute(18, "role", "option");
        builder.AddAttribute(19, "aria-selected", isSelected ? "true" : "false");
        TokenText.Build(builder, step);
        builder.CloseElement();
    }

    private string Id(int index) => $"r{Index}t{index}";
}
