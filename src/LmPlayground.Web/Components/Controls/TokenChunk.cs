using System.Globalization;
using System.Text;
using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Controls;

/// <summary>Up to 32 tokens of the text as one element: their text, and what js/tokens.js needs to colour, point at and choose each of them.</summary>
/// <remarks>
/// Only the selected token is an element of its own, and the first one of a text that has none or that differs from another text's. Renders again
/// only when its own tokens, marks or selection change. Written without markup: between inline tokens no white space may slip in.
/// </remarks>
public sealed class TokenChunk : ComponentBase
{
    /// <summary>How many tokens a chunk has.</summary>
    public const int Size = 32;

    private State _rendered;
    private State _current;

    /// <summary>The tokens of the run.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TokenStep> Steps { get; set; } = [];

    /// <summary>The index of this chunk's first token.</summary>
    [Parameter, EditorRequired]
    public int Start { get; set; }

    /// <summary>Where the chunk ends at the latest: the index after its last token.</summary>
    [Parameter]
    public int End { get; set; } = int.MaxValue;

    /// <summary>What the selected token's element id begins with, where a page has several texts.</summary>
    [Parameter]
    public string Prefix { get; set; } = "";

    /// <summary>The index of the selected token in the run, or -1.</summary>
    [Parameter]
    public int Selected { get; set; } = -1;

    /// <summary>The index of the token that stands for all of a text in which none is selected, or -1: a list box must have an option.</summary>
    [Parameter]
    public int Only { get; set; } = -1;

    /// <summary>The index of the first token that differs from another text's, or -1.</summary>
    [Parameter]
    public int Difference { get; set; } = -1;

    /// <summary>What other settings would have done.</summary>
    [Parameter]
    public TokenMarks Marks { get; set; }

    /// <summary>How often this chunk has rendered.</summary>
    internal int RenderCount { get; private set; }

    private int Count => Math.Min(Size, Math.Min(End, Steps.Count) - Start);

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var count = Count;
        if (count == 0)
            _current = default;
        else
        {
            var (selected, only) = (Own(Selected, count), Own(Only, count));
            var total = selected >= 0 || only >= 0 ? Steps.Count : 0;
            _current = new State(Steps[Start], Steps[Start + count - 1], count, Marks, selected, only, Own(Difference, count), total);
        }

        return !_current.IsSame(_rendered);
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        RenderCount++;
        ShouldRender();
        _rendered = _current;
        var text = new TokenText(builder);
        var (lengths, shares, heats, marks) = (new StringBuilder(), new StringBuilder(), new char[Count], new char[Count]);
        for (var i = 0; i < Count; i++)
        {
            var step = Steps[Start + i];
            lengths.Append(i == 0 ? "" : " ").Append(TokenText.LengthOf(step).ToString(CultureInfo.InvariantCulture));
            shares.Append(i == 0 ? "" : " ").Append(Show.Cell(step.Probability));
            heats[i] = (char)('0' + Show.Heat(step.Probability));
            marks[i] = Marks.IsRemoved(i) ? 'x' : Marks.IsRedrawn(i) ? 'd' : Marks.IsUnknown(i) ? 'u' : '.';
        }

        builder.OpenElement(0, "token-chunk");
        builder.AddAttribute(1, "data-first", Start);
        builder.AddAttribute(2, "data-lengths", lengths.ToString());
        builder.AddAttribute(3, "data-shares", shares.ToString());
        builder.AddAttribute(4, "data-heats", new string(heats));
        builder.AddAttribute(5, "data-marks", Marks == default ? null : new string(marks));
        for (var i = 0; i < Count; i++)
        {
            var (step, index) = (Steps[Start + i], Start + i);
            if (index != _current.Selected && index != _current.Only && index != _current.Difference)
            {
                text.Add(step, Class(step, i));
                continue;
            }

            text.Flush();
            OpenToken(builder, step, index, i);
            text.Add(step);
            text.Flush();
            builder.CloseElement();
        }

        text.Flush();
        builder.CloseElement();
    }

    private void OpenToken(RenderTreeBuilder builder, TokenStep step, int index, int bit)
    {
        var isSelected = index == _current.Selected;
        builder.OpenElement(6, "span");
        builder.SetKey(index);
        builder.AddAttribute(7, "class", Class(step, bit) + (isSelected ? " sel" : "") + (index == _current.Difference ? " difference" : ""));
        builder.AddAttribute(8, "data-token", index);
        if (!isSelected && index != _current.Only)
            return;
        builder.AddAttribute(9, "id", $"{Prefix}t{index}");
        builder.AddAttribute(10, "role", "option");
        builder.AddAttribute(11, "aria-selected", isSelected ? "true" : "false");
        builder.AddAttribute(12, "aria-posinset", index + 1);
        builder.AddAttribute(13, "aria-setsize", _current.Total);
    }

    private int Own(int index, int count) => index >= Start && index < Start + count ? index : -1;

    private string Class(TokenStep step, int bit) =>
        $"t h{Show.Heat(step.Probability)}" + (Marks.IsRemoved(bit) ? " removed" : Marks.IsRedrawn(bit) ? " redrawn" : Marks.IsUnknown(bit) ? " unknown" : "");

    /// <summary>All that a chunk's elements depend on.</summary>
    private readonly record struct State(TokenStep? First, TokenStep? Last, int Count, TokenMarks Marks, int Selected, int Only, int Difference, int Total)
    {
        /// <summary>Steps never change: it is enough to look whether they are the same ones.</summary>
        public bool IsSame(State other) => ReferenceEquals(First, other.First) && ReferenceEquals(Last, other.Last)
            && this with { First = null, Last = null } == other with { First = null, Last = null };
    }
}
