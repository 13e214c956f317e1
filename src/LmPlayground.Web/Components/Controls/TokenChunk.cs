using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Controls;

/// <summary>Up to 32 tokens of the text. Renders again only when its own tokens, marks or selection change.</summary>
/// <remarks>Written without markup: between inline tokens not one character of white space may slip in.</remarks>
public sealed class TokenChunk : ComponentBase
{
    /// <summary>How many tokens a chunk has.</summary>
    public const int Size = 32;

    private (TokenStep? First, TokenStep? Last, int Count, TokenMarks Marks, int Selected) _rendered;
    private (TokenStep? First, TokenStep? Last, int Count, TokenMarks Marks, int Selected) _current;

    /// <summary>The tokens of the run.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TokenStep> Steps { get; set; } = [];

    /// <summary>The index of this chunk's first token.</summary>
    [Parameter, EditorRequired]
    public int Start { get; set; }

    /// <summary>Where the chunk ends at the latest: the index after its last token.</summary>
    [Parameter]
    public int End { get; set; } = int.MaxValue;

    /// <summary>What the tokens' element ids begin with, where a page has several texts.</summary>
    [Parameter]
    public string Prefix { get; set; } = "";

    /// <summary>The index of the selected token in the run, or -1.</summary>
    [Parameter]
    public int Selected { get; set; } = -1;

    /// <summary>What other settings would have done.</summary>
    [Parameter]
    public TokenMarks Marks { get; set; }

    /// <summary>How often this chunk has rendered.</summary>
    internal int RenderCount { get; private set; }

    private int Count => Math.Min(Size, Math.Min(End, Steps.Count) - Start);

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var selected = Selected >= Start && Selected < Start + Size ? Selected : -1;
        var count = Count;
        _current = count == 0 ? default : (Steps[Start], Steps[Start + count - 1], count, Marks, selected);
        return !(ReferenceEquals(_current.First, _rendered.First) && ReferenceEquals(_current.Last, _rendered.Last)
            && _current.Count == _rendered.Count && _current.Marks == _rendered.Marks && _current.Selected == _rendered.Selected);
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        RenderCount++;
        ShouldRender();
        _rendered = _current;
        for (var i = 0; i < Count; i++)
            BuildToken(builder, Steps[Start + i], Start + i, i);
    }

    private void BuildToken(RenderTreeBuilder builder, TokenStep step, int index, int bit)
    {
        builder.OpenElement(0, "span");
        builder.SetKey(index);
        builder.AddAttribute(1, "id", $"{Prefix}t{index}");
        builder.AddAttribute(2, "class", Class(step, index, bit));
        builder.AddAttribute(3, "data-token", index);
        builder.AddAttribute(4, "data-testid", "token");
        builder.AddAttribute(5, "role", "option");
        builder.AddAttribute(6, "aria-selected", index == _current.Selected ? "true" : "false");
        builder.AddAttribute(7, "title", Show.Percent(step.Probability));
        TokenText.Build(builder, step);
        builder.CloseElement();
    }

    private string Class(TokenStep step, int index, int bit)
    {
        var name = $"t h{Show.Heat(step.Probability)}";
        if (index == _current.Selected)
            name += " sel";
        if (Marks.IsRemoved(bit))
            name += " removed";
        else if (Marks.IsRedrawn(bit))
            name += " redrawn";
        return name;
    }
}
