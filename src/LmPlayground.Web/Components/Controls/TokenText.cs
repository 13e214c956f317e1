using System.Text;
using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Controls;

/// <summary>Tokens' text as it reads, with what cannot be seen made visible: those that follow each other are one text, and only marks are elements.</summary>
/// <remarks>The marks ↵ ⇥ · come from the style sheet: a copied text is the model's text.</remarks>
internal sealed class TokenText(RenderTreeBuilder builder)
{
    private readonly StringBuilder _text = new();

    /// <summary>A token alone.</summary>
    internal static void Build(RenderTreeBuilder builder, TokenStep step)
    {
        var text = new TokenText(builder);
        text.Add(step);
        text.Flush();
    }

    /// <summary>How many UTF-16 units the token has on the page.</summary>
    internal static int LengthOf(TokenStep step) => step.Text.Length == 0 ? Show.Token(step.Display).Length : step.Text.Length;

    /// <summary>Adds a token.</summary>
    /// <param name="step">The token.</param>
    /// <param name="look">The classes of its marks, where they do not stand in an element that has them.</param>
    internal void Add(TokenStep step, string? look = null)
    {
        if (step.Text.Length == 0)
        {
            Mark(look, "special", Show.Token(step.Display));
            return;
        }

        if (step.Text.AsSpan().IndexOfAnyExcept(' ') < 0)
        {
            Mark(look, "blank", step.Text);
            return;
        }

        var rest = step.Text.AsSpan();
        while (rest.IndexOfAny('\n', '\t') is var at and >= 0)
        {
            _text.Append(rest[..at]);
            Mark(look, rest[at] == '\n' ? "newline" : "tab", "");
            _text.Append(rest[at]);
            rest = rest[(at + 1)..];
        }

        _text.Append(rest);
    }

    /// <summary>Writes what has been added.</summary>
    internal void Flush()
    {
        if (_text.Length > 0)
            builder.AddContent(20, _text.ToString());
        _text.Clear();
    }

    private void Mark(string? look, string kind, string text)
    {
        Flush();
        builder.OpenElement(21, "i");
        builder.AddAttribute(22, "class", look is null ? kind : $"{look} {kind}");
        builder.AddContent(23, text);
        builder.CloseElement();
    }
}
