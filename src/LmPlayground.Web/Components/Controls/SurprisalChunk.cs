using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The bars of up to 32 tokens. Renders again only when its own tokens or selection change.</summary>
public sealed class SurprisalChunk : ComponentBase
{
    /// <summary>The surprisal, in bits, of a bar of full height. Fixed, so that no bar moves when another one comes.</summary>
    public const double FullHeight = 8;

    private (TokenStep? First, TokenStep? Last, int Count, int Selected) _rendered;

    /// <summary>The tokens of the run.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TokenStep> Steps { get; set; } = [];

    /// <summary>The index of this chunk's first token.</summary>
    [Parameter, EditorRequired]
    public int Start { get; set; }

    /// <summary>The index of the selected token in the run, or -1.</summary>
    [Parameter]
    public int Selected { get; set; } = -1;

    private int Count => Math.Min(TokenChunk.Size, Steps.Count - Start);

    private (TokenStep? First, TokenStep? Last, int Count, int Selected) Current
    {
        get
        {
            var selected = Selected >= Start && Selected < Start + TokenChunk.Size ? Selected : -1;
            return Count == 0 ? default : (Steps[Start], Steps[Start + Count - 1], Count, selected);
        }
    }

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var current = Current;
        return !(ReferenceEquals(current.First, _rendered.First) && ReferenceEquals(current.Last, _rendered.Last)
            && current.Count == _rendered.Count && current.Selected == _rendered.Selected);
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        _rendered = Current;
        for (var index = Start; index < Start + Count; index++)
        {
            var step = Steps[index];
            builder.OpenElement(0, "i");
            builder.SetKey(index);
            builder.AddAttribute(1, "class", $"surprisal h{Show.Heat(step.Probability)}{(index == Selected ? " sel" : "")}");
            builder.AddAttribute(2, "data-token", index);
            builder.AddAttribute(3, "style", string.Create(CultureInfo.InvariantCulture, $"--h:{Math.Min(step.Surprisal / FullHeight, 1):0.###}"));
            builder.AddAttribute(4, "title", $"{Show.Token(step.Display)} {Show.Bits(step.Surprisal)} bits");
            builder.CloseElement();
        }
    }
}
