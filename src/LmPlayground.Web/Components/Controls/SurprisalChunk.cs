using System.Globalization;
using System.Text;
using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The bars of up to 128 tokens, one path for each colour. Renders again only when its own tokens or selection change.</summary>
public sealed class SurprisalChunk : ComponentBase
{
    /// <summary>How many bars a chunk has.</summary>
    public const int Size = 128;

    /// <summary>The surprisal, in bits, of a bar of full height. Fixed, so that no bar moves when another one comes.</summary>
    public const double FullHeight = 8;

    /// <summary>The height of the lowest bar: about a pixel.</summary>
    private const double LeastHeight = 0.025;

    /// <summary>The paths' classes: certain tokens, the three upper steps of the heat scale, the selected token.</summary>
    private static readonly string[] Colours = ["h0", "h3", "h4", "h5", "sel"];

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

    private int Count => Math.Min(Size, Steps.Count - Start);

    private (TokenStep? First, TokenStep? Last, int Count, int Selected) Current
    {
        get
        {
            var selected = Selected >= Start && Selected < Start + Size ? Selected : -1;
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
        var paths = Array.ConvertAll(Colours, _ => new StringBuilder());
        var bits = new StringBuilder();
        for (var i = 0; i < Count; i++)
        {
            var step = Steps[Start + i];
            var top = 1 - Math.Clamp(step.Surprisal / FullHeight, LeastHeight, 1);
            paths[ColourOf(step, Start + i)].Append(CultureInfo.InvariantCulture, $"M{i}.5 1V{top:0.###}");
            bits.Append(i == 0 ? "" : " ").Append(Show.Bits(step.Surprisal));
        }

        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", "surprisal");
        builder.AddAttribute(2, "viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Count} 1"));
        builder.AddAttribute(3, "preserveAspectRatio", "none");
        builder.AddAttribute(4, "style", string.Create(CultureInfo.InvariantCulture, $"--c:{Count}"));
        builder.AddAttribute(5, "data-first", Start);
        builder.AddAttribute(6, "data-bits", bits.ToString());
        for (var i = 0; i < paths.Length; i++)
        {
            if (paths[i].Length == 0)
                continue;
            builder.OpenElement(7, "path");
            builder.SetKey(i);
            builder.AddAttribute(8, "class", Colours[i]);
            builder.AddAttribute(9, "d", paths[i].ToString());
            builder.CloseElement();
        }

        builder.CloseElement();
    }

    private int ColourOf(TokenStep step, int index) => index == Selected ? Colours.Length - 1 : Math.Max(0, Show.Heat(step.Probability) - 2);
}
