using MudBlazor;

namespace LmPlayground.Web.Components.Layout;

/// <summary>
/// MudBlazor's theme, and the page's: each colour is named here once, light and dark, and MudBlazor's variables are made of them.
/// The page's own rules read those variables by shorter names (palette.css), which adds only what MudBlazor has no word for.
/// </summary>
internal static class PlaygroundTheme
{
    private static readonly Shade Background = new("#f6f6f4", "#131416");
    private static readonly Shade Panel = new("#ffffff", "#1b1d20");
    private static readonly Shade Line = new("#e4e3df", "#2c2f34");
    private static readonly Shade Edge = new("#8f8e88", "#74787c");
    private static readonly Shade Ink = new("#1d1d1b", "#ececea");
    private static readonly Shade Soft = new("#5f5f5a", "#a9aba9");
    private static readonly Shade Faint = new("#6d6c67", "#94979a");
    private static readonly Shade Accent = new("#2f5bd0", "#86a6ff");
    private static readonly Shade AccentInk = new("#ffffff", "#0d1530");
    private static readonly Shade AccentSoft = new("#e8eefc", "#222c47");
    private static readonly Shade Good = new("#1b7f4d", "#62c796");
    private static readonly Shade Warning = new("#805300", "#f0c36a");
    private static readonly Shade WarningSoft = new("#fff4dc", "#33290f");
    private static readonly Shade Bad = new("#a92a1c", "#ff9d8c");
    private static readonly Shade BadSoft = new("#fdecea", "#3a1d19");
    private static readonly Shade Veil = new("#1d1d1b66", "#00000099");

    /// <summary>The theme.</summary>
    public static readonly MudTheme Instance = new()
    {
        PaletteLight = Fill<PaletteLight>(shade => shade.Light),
        PaletteDark = Fill<PaletteDark>(shade => shade.Dark),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = ["var(--sans)"], FontSize = "14px", LineHeight = "1.45" },
            Button = new ButtonTypography { FontFamily = ["var(--sans)"], FontSize = "14px", LineHeight = "1.45", LetterSpacing = "0", TextTransform = "none" },
        },
    };

    /// <summary>The same theme with its dark colours where MudBlazor looks for the light ones.</summary>
    internal static readonly MudTheme AlwaysDark = new()
    {
        PaletteLight = Fill<PaletteLight>(shade => shade.Dark),
        LayoutProperties = Instance.LayoutProperties,
        Typography = Instance.Typography,
    };

    private static T Fill<T>(Func<Shade, string> of)
        where T : Palette, new() => new()
        {
            Black = of(Ink),
            White = of(Panel),
            Background = of(Background),
            BackgroundGray = of(Background),
            Surface = of(Panel),
            TextPrimary = of(Ink),
            TextSecondary = of(Soft),
            TextDisabled = of(Faint),
            ActionDefault = of(Soft),
            ActionDisabled = of(Faint),
            ActionDisabledBackground = of(Line),
            LinesDefault = of(Line),
            LinesInputs = of(Edge),
            Divider = of(Line),
            DividerLight = of(Line),
            TableLines = of(Line),
            TableStriped = of(Background),
            TableHover = of(AccentSoft),
            Skeleton = of(Line),
            DrawerBackground = of(Panel),
            DrawerText = of(Ink),
            DrawerIcon = of(Soft),
            AppbarBackground = of(Panel),
            AppbarText = of(Ink),
            Primary = of(Accent),
            PrimaryContrastText = of(AccentInk),
            PrimaryDarken = of(Accent),
            PrimaryLighten = of(AccentSoft),
            Secondary = of(Accent),
            SecondaryContrastText = of(AccentInk),
            SecondaryDarken = of(Accent),
            SecondaryLighten = of(AccentSoft),
            Tertiary = of(Accent),
            TertiaryContrastText = of(AccentInk),
            TertiaryDarken = of(Accent),
            TertiaryLighten = of(AccentSoft),
            Info = of(Accent),
            InfoContrastText = of(AccentInk),
            InfoDarken = of(Accent),
            InfoLighten = of(AccentSoft),
            Success = of(Good),
            SuccessContrastText = of(Panel),
            SuccessDarken = of(Good),
            SuccessLighten = of(Good),
            Warning = of(Warning),
            WarningContrastText = of(Panel),
            WarningDarken = of(Warning),
            WarningLighten = of(WarningSoft),
            Error = of(Bad),
            ErrorContrastText = of(Panel),
            ErrorDarken = of(Bad),
            ErrorLighten = of(BadSoft),
            Dark = of(Ink),
            DarkContrastText = of(Panel),
            DarkDarken = of(Ink),
            DarkLighten = of(Soft),
            GrayDefault = of(Edge),
            GrayLight = of(Line),
            GrayLighter = of(Background),
            GrayDark = of(Faint),
            GrayDarker = of(Soft),
            OverlayDark = of(Veil),
            OverlayLight = of(Veil),
        };

    /// <summary>A colour of both themes.</summary>
    private readonly record struct Shade(string Light, string Dark);
}
