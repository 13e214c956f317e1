using System.Globalization;
using System.Net;
using System.Text;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>A text as coloured pieces, with its counts.</summary>
public sealed partial class SplitView
{
    private const int Colours = 4;

    private TokenSplit? _shown;
    private MarkupString _markup;

    /// <summary>Whose tokenizer it is.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>The split, or null while it is not there yet.</summary>
    [Parameter]
    public TokenSplit? Split { get; set; }

    /// <summary>Why there is none, or null.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Whether ids stand under the pieces.</summary>
    [Parameter]
    public bool WithIds { get; set; }

    /// <summary>What stands above it.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_shown, Split))
            return;
        _shown = Split;
        _markup = Split is null ? default : Markup(Split);
    }

    private MarkupString Markup(TokenSplit split)
    {
        var html = new StringBuilder(split.Pieces.Length * 64);
        var colour = 0;
        var (noToken, idIs) = (WebUtility.HtmlEncode(Words["NoToken"]), WebUtility.HtmlEncode(Words["IdIs"]));
        foreach (var piece in split.Pieces)
        {
            if (piece.Kind == SplitPieceKind.Gap)
            {
                html.Append(CultureInfo.InvariantCulture, $"<span class=\"gap\" title=\"{noToken}\">");
                AddText(html, piece.Text);
            }
            else
            {
                var kind = piece.Kind switch { SplitPieceKind.Special => " special", SplitPieceKind.Part => " part", _ => "" };
                html.Append(CultureInfo.InvariantCulture, $"<span class=\"piece p{colour}{kind}\" data-id=\"{piece.Id}\" title=\"{string.Format(CultureInfo.InvariantCulture, idIs, piece.Id)}\">");
                AddText(html, piece.Text);
                colour = (colour + 1) % Colours;
            }

            html.Append("</span>");
        }

        return new MarkupString(html.ToString());
    }

    /// <summary>The text with what cannot be seen made visible; the marks come from the style sheet, so a copied text is the text.</summary>
    private static void AddText(StringBuilder html, string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var at = rest.IndexOfAny(" \n\t\r");
            if (at < 0)
            {
                html.Append(WebUtility.HtmlEncode(rest.ToString()));
                return;
            }

            html.Append(WebUtility.HtmlEncode(rest[..at].ToString())).Append(rest[at] switch
            {
                ' ' => "<i class=\"s\"> </i>",
                '\n' => "<i class=\"n\"></i>\n",
                '\t' => "<i class=\"tab\">\t</i>",
                _ => "<i class=\"r\"></i>",
            });
            rest = rest[(at + 1)..];
        }
    }
}
