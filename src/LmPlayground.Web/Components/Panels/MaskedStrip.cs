using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Masking;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Components.Panels;

/// <summary>A masked text with its filled or scored tokens coloured in place: one tab stop, arrows move, one event handler for all.</summary>
/// <remarks>Written without markup: between inline tokens not one character of white space may slip in.</remarks>
public sealed class MaskedStrip : ComponentBase
{
    [Inject]
    private IStringLocalizer<PanelTexts> Words { get; set; } = null!;

    /// <summary>The text as the model read it, or null before it has.</summary>
    [Parameter, EditorRequired]
    public MaskedText? Text { get; set; }

    /// <summary>The steps of the run, in the order in which they were taken.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TokenStep> Steps { get; set; } = [];

    /// <summary>The index of the selected step, or -1.</summary>
    [Parameter]
    public int Selected { get; set; } = -1;

    /// <summary>What other settings would have done, or empty.</summary>
    [Parameter]
    public ImmutableArray<StepOutcome> Outcomes { get; set; } = [];

    /// <summary>Whether more steps may come.</summary>
    [Parameter]
    public bool IsRunning { get; set; }

    /// <summary>Whether the steps belong to another text or model than the one shown.</summary>
    [Parameter]
    public bool IsStale { get; set; }

    /// <summary>A token was chosen.</summary>
    [Parameter]
    public EventCallback<TokenSelectEventArgs> Chosen { get; set; }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (Text is null || Steps.Count == 0)
            return;
        builder.OpenElement(0, "span");
        builder.AddAttribute(1, "class", IsStale ? "tokens masked stale" : "tokens masked");
        builder.AddAttribute(2, "role", "listbox");
        builder.AddAttribute(3, "aria-label", Words["FilledTokens"].Value);
        builder.AddAttribute(4, "aria-orientation", "horizontal");
        builder.AddAttribute(5, "aria-busy", IsRunning ? "true" : "false");
        builder.AddAttribute(6, "tabindex", 0);
        builder.AddAttribute(7, "aria-activedescendant", Selected >= 0 ? $"t{Selected}" : null);
        builder.AddAttribute(8, "data-tokens", Steps.Count);
        builder.AddAttribute(9, "data-selected", Selected);
        builder.AddAttribute(10, "data-testid", "tokens");
        builder.AddAttribute(11, "ontokenselect", EventCallback.Factory.Create<TokenSelectEventArgs>(this, select => Chosen.InvokeAsync(select)));
        var written = 0;
        foreach (var index in Enumerable.Range(0, Steps.Count).OrderBy(index => Steps[index].Position))
        {
            var token = Text.Tokens[Steps[index].Position];
            if (token.Start > written)
                builder.AddContent(12, Text.Text[written..token.Start]);
            BuildToken(builder, index);
            written = Math.Max(written, token.Start + token.Length);
        }

        builder.AddContent(13, Text.Text[written..]);
        builder.CloseElement();
    }

    private void BuildToken(RenderTreeBuilder builder, int index)
    {
        var step = Steps[index];
        builder.OpenElement(14, "span");
        builder.SetKey(index);
        builder.AddAttribute(15, "id", $"t{index}");
        builder.AddAttribute(16, "class", $"t h{Show.Heat(step.Probability)}{(index == Selected ? " sel" : "")}{Mark(index)}");
        builder.AddAttribute(17, "data-token", index);
        builder.AddAttribute(18, "data-testid", "token");
        builder.AddAttribute(19, "role", "option");
        builder.AddAttribute(20, "aria-selected", index == Selected ? "true" : "false");
        builder.AddAttribute(21, "title", Show.Percent(step.Probability));
        TokenText.Build(builder, step);
        builder.CloseElement();
    }

    private string Mark(int index) => Outcomes.OfStep(index) switch
    {
        null => "",
        { RemovedBy: not null } => " removed",
        { DrawnId: var drawn } => drawn != Steps[index].Draw.Id ? " redrawn" : "",
    };
}
