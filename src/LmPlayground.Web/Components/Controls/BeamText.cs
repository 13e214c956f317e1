using System.Collections.Immutable;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Controls;

/// <summary>Some tokens of one sequence of a search, each coloured by the model's probability of it.</summary>
/// <remarks>Written without markup: between inline tokens not one character of white space may slip in.</remarks>
public sealed class BeamText : ComponentBase
{
    /// <summary>Of a longer stretch only the end is shown: a search's news are there.</summary>
    internal const int MostTokens = 96;

    private (ImmutableArray<int> Ids, int Start, int End) _rendered;

    /// <summary>The sequence's tokens.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<int> Ids { get; set; } = [];

    /// <summary>ln of each one's probability under the model.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<double> LogProbabilities { get; set; } = [];

    /// <summary>What a token is called.</summary>
    [Parameter, EditorRequired]
    public Func<int, string> Describe { get; set; } = null!;

    /// <summary>The first token.</summary>
    [Parameter, EditorRequired]
    public int Start { get; set; }

    /// <summary>After the last token.</summary>
    [Parameter, EditorRequired]
    public int End { get; set; }

    /// <inheritdoc/>
    protected override bool ShouldRender() => _rendered != (Ids, Start, End);

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        _rendered = (Ids, Start, End);
        var start = Math.Max(Start, End - MostTokens);
        if (start > Start)
            builder.AddContent(0, "… ");
        for (var i = start; i < End; i++)
        {
            var probability = Math.Exp(LogProbabilities[i]);
            builder.OpenElement(1, "span");
            builder.AddAttribute(2, "class", $"t h{Show.Heat(probability)}");
            builder.AddAttribute(3, "title", Show.Percent(probability));
            builder.AddContent(4, Show.Piece(Describe(Ids[i])));
            builder.CloseElement();
        }
    }
}
