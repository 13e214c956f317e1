using MudBlazor;

namespace LmPlayground.Web.Components.Layout;

/// <summary>MudBlazor's theme. Its colours are the page's own variables (palette.css), so that both follow one switch.</summary>
internal static class PlaygroundTheme
{
    public static readonly MudTheme Instance = new()
    {
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = ["var(--sans)"], FontSize = "14px", LineHeight = "1.45" } },
    };
}
