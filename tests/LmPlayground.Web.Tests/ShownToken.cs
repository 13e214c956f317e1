using System.Globalization;
using AngleSharp.Dom;
using Bunit;

namespace LmPlayground.Web.Tests;

/// <summary>A token as the page shows it: most have no element, and what a chunk's data say of them is what the browser paints.</summary>
internal sealed record ShownToken(int Index, string Text, int Heat, string? Mark, string Share);

internal static class ShownTokens
{
    /// <summary>The tokens of all texts of the page, in their order.</summary>
    public static IReadOnlyList<ShownToken> Tokens<T>(this IRenderedComponent<T> page)
        where T : Microsoft.AspNetCore.Components.IComponent => [.. page.Settled().FindAll("token-chunk").SelectMany(TokensOf)];

    /// <summary>The indices of those that have a mark.</summary>
    public static IEnumerable<int> Marked<T>(this IRenderedComponent<T> page, string mark)
        where T : Microsoft.AspNetCore.Components.IComponent => page.Tokens().Where(token => token.Mark == mark).Select(token => token.Index);

    private static IEnumerable<ShownToken> TokensOf(IElement chunk)
    {
        var shares = chunk.GetAttribute("data-shares")!.Split(' ');
        var (heats, marks) = (chunk.GetAttribute("data-heats")!, chunk.GetAttribute("data-marks"));
        var (index, start) = (Number(chunk.GetAttribute("data-first")!), 0);
        var lengths = chunk.GetAttribute("data-lengths")!.Split(' ').Select(Number).ToList();
        Assert.Equal(chunk.TextContent.Length, lengths.Sum());
        for (var i = 0; i < lengths.Count; i++)
        {
            var mark = marks?[i] switch { 'x' => "removed", 'd' => "redrawn", _ => null };
            yield return new ShownToken(index + i, chunk.TextContent.Substring(start, lengths[i]), heats[i] - '0', mark, shares[i]);
            start += lengths[i];
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
