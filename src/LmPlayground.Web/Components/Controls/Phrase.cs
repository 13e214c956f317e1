using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Components.Controls;

/// <summary>A sentence in the reader's language, some of whose values stand out: "{0} tokens/s" with its number in bold.</summary>
public sealed class Phrase : ComponentBase
{
    /// <summary>The sentence, with {0}, {1} and so on in the places of the values.</summary>
    [Parameter, EditorRequired]
    public string Of { get; set; } = "";

    /// <summary>The values.</summary>
    [Parameter]
    public ImmutableArray<PhraseValue> Values { get; set; } = [];

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var rest = Of.AsSpan();
        for (var at = rest.IndexOf('{'); at >= 0; at = rest.IndexOf('{'))
        {
            var end = at + rest[at..].IndexOf('}');
            builder.AddContent(0, rest[..at].ToString());
            var value = Values[int.Parse(rest[(at + 1)..end], NumberStyles.None, CultureInfo.InvariantCulture)];
            if (value.Content is { } content)
            {
                builder.AddContent(1, content);
            }
            else
            {
                builder.OpenElement(2, "b");
                builder.AddAttribute(3, "data-testid", value.TestId);
                builder.AddContent(4, value.Text);
                builder.CloseElement();
            }

            rest = rest[(end + 1)..];
        }

        builder.AddContent(5, rest.ToString());
    }
}

/// <summary>A value of a <see cref="Phrase"/>.</summary>
/// <param name="Text">The value, which stands out.</param>
/// <param name="TestId">What tests find it by, or null.</param>
/// <param name="Content">What stands in its place instead, or null.</param>
public readonly record struct PhraseValue(string Text, string? TestId = null, RenderFragment? Content = null)
{
    /// <summary>A value of which nothing more is to be said.</summary>
    public static implicit operator PhraseValue(string text) => new(text);
}
