using System.Reflection;
using System.Text.RegularExpressions;
using Bunit;
using LmPlayground.Web.Components.Layout;
using MudBlazor;
using MudBlazor.Utilities;

namespace LmPlayground.Web.Tests;

/// <summary>One theme for MudBlazor and for the page: each colour has one place.</summary>
public sealed partial class ThemeTests : PageTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_colour_that_MudBlazor_can_paint_with_is_the_playgrounds(bool isDark)
    {
        var palette = isDark ? (Palette)PlaygroundTheme.Instance.PaletteDark : PlaygroundTheme.Instance.PaletteLight;
        var own = Shades(isDark ? "Dark" : "Light");
        var colours = typeof(Palette).GetProperties().Where(property => property.PropertyType == typeof(MudColor) || property.PropertyType == typeof(string)).ToList();
        Assert.True(colours.Count > 50);
        Assert.All(colours, property => Assert.True(
            own.Contains(property.GetValue(palette) is MudColor colour ? colour : new MudColor((string)property.GetValue(palette)!)), property.Name));
    }

    [Fact]
    public void MudBlazors_variables_are_written_for_both_themes_at_once()
    {
        var css = Render<ThemeVariables>().Markup;
        var variables = Variable().Matches(css).ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Assert.True(variables.Count > 100);
        foreach (var name in new[] { "background", "surface", "text-primary", "primary", "primary-lighten", "lines-inputs", "error", "overlay-dark" })
            Assert.StartsWith("light-dark(", Assert.Single(variables["--mud-palette-" + name]), StringComparison.Ordinal);

        // What is no colour cannot be chosen by light-dark(): one of each theme, by the visitor's choice and by the system's.
        Assert.Equal(3, variables["--mud-palette-text-primary-rgb"].Count());
        Assert.Equal(2, variables["--mud-palette-text-primary-rgb"].Distinct().Count());
    }

    [Fact]
    public void No_colour_stands_anywhere_but_in_the_theme_and_in_the_palette()
    {
        var files = Directory.GetFiles(Path.Combine(Root, "wwwroot-assets", "css"), "*.css")
            .Concat(Directory.GetFiles(Path.Combine(Root, "src", "LmPlayground.Web", "Components"), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetFileName(file) is not ("palette.css" or "PlaygroundTheme.cs"));
        Assert.Empty(files.SelectMany(file => Colour().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}")));
    }

    [Fact]
    public void Every_name_of_a_colour_is_given_once()
    {
        var palette = File.ReadAllText(Path.Combine(Root, "wwwroot-assets", "css", "palette.css"));
        var names = Name().Matches(palette).Select(match => match.Groups[1].Value).ToList();
        Assert.True(names.Count > 30);
        Assert.Distinct(names);
        var elsewhere = Directory.GetFiles(Path.Combine(Root, "wwwroot-assets", "css"), "*.css").Where(file => !file.EndsWith("palette.css", StringComparison.Ordinal))
            .Concat(Directory.GetFiles(Path.Combine(Root, "src", "LmPlayground.Web", "Components"), "*.css", SearchOption.AllDirectories));
        var others = elsewhere.SelectMany(file => Name().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));
        Assert.Equal([], others.Intersect(names).Except(["--shell"]));
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests must run from within the repository.");
            return folder.FullName;
        }
    }

    /// <summary>The theme's own colours of one theme.</summary>
    private static HashSet<MudColor> Shades(string theme) =>
    [
        .. typeof(PlaygroundTheme).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Select(field => field.GetValue(null)!)
            .Where(shade => shade.GetType().Name == "Shade").Select(shade => new MudColor((string)shade.GetType().GetProperty(theme)!.GetValue(shade)!)),
    ];

    [GeneratedRegex(@"(--mud-[\w-]+):\s*([^;]+);")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?<!&)#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})(?![\w-])|\b(?:rgba?|hsla?|oklch|color)\([^v]")]
    private static partial Regex Colour();

    [GeneratedRegex(@"^\s*(--[\w-]+):", RegexOptions.Multiline)]
    private static partial Regex Name();
}
