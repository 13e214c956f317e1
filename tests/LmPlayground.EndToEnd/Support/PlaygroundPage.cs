using System.Globalization;
using Microsoft.Playwright;

namespace LmPlayground.EndToEnd.Support;

/// <summary>The page as its users handle it.</summary>
internal static class PlaygroundPage
{
    internal static ILocator Part(this IPage page, string testId) => page.GetByTestId(testId);

    /// <summary>Gives the focus once it can be taken: what is hidden or disabled takes none and does not say so, and the keys would go elsewhere.</summary>
    internal static async Task TakeFocusAsync(this ILocator control)
    {
        await Assertions.Expect(control).ToBeVisibleAsync();
        await Assertions.Expect(control).ToBeEnabledAsync();
        await control.FocusAsync();
        await Assertions.Expect(control).ToBeFocusedAsync();
    }

    /// <summary>Waits until clicks reach the server.</summary>
    internal static Task ReadyAsync(this IPage page) => Assertions.Expect(page.Part("generate")).ToBeEnabledAsync(new() { Timeout = 20_000 });

    /// <summary>Types a number into a control's box and leaves it.</summary>
    internal static async Task SetAsync(this IPage page, string control, string value)
    {
        await page.Part(control).FillAsync(value);
        await page.Part(control).PressAsync("Tab");
    }

    /// <summary>Clicks Generate and waits for the run's end.</summary>
    internal static async Task GenerateAsync(this IPage page)
    {
        await page.Part("generate").ClickAsync();
        await page.EndedAsync();
    }

    /// <summary>Waits until the status line says why the run stopped.</summary>
    internal static Task EndedAsync(this IPage page) => Assertions.Expect(page.Part("stopped")).ToBeVisibleAsync(new() { Timeout = 60_000 });

    internal static double Percent(string text) => double.Parse(text.Replace("%", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
}
