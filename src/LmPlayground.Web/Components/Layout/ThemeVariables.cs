using System.Text;
using MudBlazor;

namespace LmPlayground.Web.Components.Layout;

/// <summary>
/// MudBlazor's variables for both themes at once. Its own provider writes those of one theme and has the server, over the circuit, decide which;
/// here the style sheet decides, as everywhere on the page: at the first paint, without a circuit, by the visitor's choice or else by the system.
/// </summary>
public sealed class ThemeVariables : MudThemeProvider
{
    private static readonly string Variables = Merge(Of(PlaygroundTheme.Instance), Of(PlaygroundTheme.AlwaysDark));

    /// <summary>The same as a style sheet, for pages without MudBlazor.</summary>
    internal static string StyleSheet => $":root{{{Variables}}}";

    /// <summary>The theme is always the page's.</summary>
    public ThemeVariables() => Theme = PlaygroundTheme.Instance;

    /// <inheritdoc/>
    protected override void GenerateTheme(StringBuilder themeStringBuilder) => themeStringBuilder.Append(Variables);

    private static List<(string Name, string Value)> Of(MudTheme theme) => new Writer { Theme = theme }.Read();

    private static string Merge(List<(string Name, string Value)> light, List<(string Name, string Value)> dark)
    {
        var css = new StringBuilder();
        var others = new StringBuilder();
        foreach (var (one, other) in light.Zip(dark))
        {
            // Without it MudBlazor's inputs have the page's colour scheme.
            if (one.Name == "--mud-native-html-color-scheme")
                continue;
            var isColour = one.Value.StartsWith('#') || one.Value.StartsWith("rgb", StringComparison.Ordinal);
            css.Append(one.Name).Append(':').Append(one.Value != other.Value && isColour ? $"light-dark({one.Value},{other.Value})" : one.Value).AppendLine(";");
            if (one.Value != other.Value && !isColour)
                others.Append(other.Name).Append(':').Append(other.Value).Append(';');
        }

        // The parts of a colour, which MudBlazor mixes with an opacity, are none themselves.
        css.Append("@media (prefers-color-scheme: dark){&:not([data-theme=light]){").Append(others).AppendLine("}}");
        return css.Append("&[data-theme=dark]{").Append(others).AppendLine("}").ToString();
    }

    /// <summary>MudBlazor's own words for a theme.</summary>
    private sealed class Writer : MudThemeProvider
    {
        internal List<(string Name, string Value)> Read()
        {
            var css = new StringBuilder();
            GenerateTheme(css);
            return
            [
                .. css.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => line.TrimEnd(';').Split(':', 2, StringSplitOptions.TrimEntries))
                    .Select(parts => (parts[0], parts[1])),
            ];
        }
    }
}
