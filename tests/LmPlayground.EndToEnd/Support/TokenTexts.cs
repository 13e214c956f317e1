using System.Text.Json;
using Microsoft.Playwright;

namespace LmPlayground.EndToEnd.Support;

/// <summary>The tokens of a page, most of which are no elements: their number, their text, and where on the screen they are.</summary>
internal static class TokenTexts
{
    /// <summary>Finds tokens by what the page itself says of their lengths, and looks where the browser has put them.</summary>
    private const string Script = """
        ([scope, wanted]) => {
          const root = document.querySelector(scope);
          const tokens = [...root.querySelectorAll('token-chunk, [data-testid="token"]')].flatMap(element => {
            if (element.localName !== 'token-chunk') return [{ element, start: 0, end: element.textContent.length }];
            let start = 0;
            return element.dataset.lengths.split(' ').map((length, i) => ({
              element, start, end: start += Number(length), heat: Number(element.dataset.heats[i]),
            }));
          });
          if (wanted === null) return tokens.map(({ element, start, end, heat }) => ({ text: element.textContent.slice(start, end), heat: heat ?? 0 }));
          const { element, start, end } = tokens[wanted];
          const range = document.createRange();
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          for (let at = 0, node = walker.nextNode(); node; at += node.length, node = walker.nextNode()) {
            if (start >= at && start < at + node.length) range.setStart(node, start - at);
            if (end > at && end <= at + node.length) range.setEnd(node, end - at);
          }
          if (!range.getClientRects().length) return null;
          range.startContainer.parentElement.scrollIntoView({ block: 'nearest' });
          const box = range.getClientRects()[0];
          return { left: box.left, top: box.top, width: box.width, height: box.height };
        }
        """;

    /// <summary>How many tokens all texts of the page have together.</summary>
    internal static async Task<int> TokenCountAsync(this IPage page) => (await page.TokensAsync()).Count;

    /// <summary>The text of all tokens.</summary>
    internal static async Task<string> GeneratedTextAsync(this IPage page, string scope = "body") =>
        string.Concat((await page.TokensAsync(scope)).Select(token => token.Text));

    /// <summary>Each token's text and its step on the heat scale.</summary>
    internal static async Task<IReadOnlyList<(string Text, int Heat)>> TokensAsync(this IPage page, string scope = "body") =>
        [.. (await page.EvaluateAsync<JsonElement>(Script, new object?[] { scope, null })).EnumerateArray()
            .Select(token => (token.GetProperty("text").GetString()!, token.GetProperty("heat").GetInt32()))];

    /// <summary>Waits until the page shows that many tokens.</summary>
    internal static Task HasTokensAsync(this IPage page, int count) => page.WaitForTokensAsync("===", count);

    /// <summary>Waits until the page shows at least that many tokens.</summary>
    internal static Task HasAtLeastTokensAsync(this IPage page, int count) => page.WaitForTokensAsync(">=", count);

    /// <summary>The first rectangle of a token on the screen, after it was scrolled to.</summary>
    internal static async Task<(double Left, double Top, double Width, double Height)> PlaceOfTokenAsync(this IPage page, int index, string scope = "body")
    {
        var place = await page.EvaluateAsync<JsonElement>(Script, new object[] { scope, index });
        return (place.GetProperty("left").GetDouble(), place.GetProperty("top").GetDouble(), place.GetProperty("width").GetDouble(), place.GetProperty("height").GetDouble());
    }

    /// <summary>Clicks a token where it is on the screen.</summary>
    internal static async Task ClickTokenAsync(this IPage page, int index, string scope = "body")
    {
        await page.HasAtLeastTokensAsync(index + 1);
        var (left, top, width, height) = await page.PlaceOfTokenAsync(index, scope);
        await page.Mouse.ClickAsync((float)(left + (width / 2)), (float)(top + (height / 2)));
    }

    /// <summary>The colour behind a token's text on the screen, as CSS writes it: that of a corner, where no letter reaches.</summary>
    internal static async Task<string> ColourOfTokenAsync(this IPage page, int index)
    {
        var (left, top, _, _) = await page.PlaceOfTokenAsync(index);
        await page.Mouse.MoveAsync(0, 0);
        var picture = await page.ScreenshotAsync(new() { Clip = new Clip { X = (float)Math.Ceiling(left), Y = (float)Math.Ceiling(top) + 1, Width = 1, Height = 1 } });
        return await page.EvaluateAsync<string>(
            """
            async picture => {
              const image = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), letter => letter.charCodeAt(0))], { type: 'image/png' }));
              const canvas = new OffscreenCanvas(1, 1).getContext('2d');
              canvas.drawImage(image, 0, 0);
              return `rgb(${[...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).join(', ')})`;
            }
            """,
            Convert.ToBase64String(picture));
    }

    private static Task<IJSHandle> WaitForTokensAsync(this IPage page, string comparison, int count) => page.WaitForFunctionAsync(
        $"count => [...document.querySelectorAll('token-chunk, [data-testid=\"token\"]')]"
        + $".reduce((sum, part) => sum + (part.dataset.lengths?.split(' ').length ?? 1), 0) {comparison} count",
        count);
}
