using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Controls;

/// <summary>A token's text as it reads, with what cannot be seen made visible.</summary>
/// <remarks>The marks ↵ ⇥ · come from the style sheet: a copied text is the model's text.</remarks>
internal static class TokenText
{
    public static void Build(RenderTreeBuilder builder, TokenStep step)
    {
        if (step.Text.Length == 0)
        {
            Mark(builder, "special", Show.Token(step.Display));
            return;
        }

        if (step.Text.AsSpan().IndexOfAnyExcept(' ') < 0)
        {
            Mark(builder, "blank", step.Text);
            return;
        }

        var rest = step.Text.AsSpan();
        while (rest.IndexOfAny('\n', '\t') is var at and >= 0)
        {
            if (at > 0)
                builder.AddContent(20, rest[..at].ToString());
            Mark(builder, rest[at] == '\n' ? "newline" : "tab", "");
            builder.AddContent(20, rest[at].ToString());
            rest = rest[(at + 1)..];
        }

        if (!rest.IsEmpty)
            builder.AddContent(20, rest.ToString());
    }

    private static void Mark(RenderTreeBuilder builder, string kind, string text)
    {
        builder.OpenElement(21, "i");
        builder.AddAttribute(22, "class", kind);
        builder.AddContent(23, text);
        builder.CloseElement();
    }
}
