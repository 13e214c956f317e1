using System.Globalization;
using System.Text.RegularExpressions;
using LmPlayground.Web.Components.Layout;
using SkiaSharp;

namespace LmPlayground.Web.Viewing.Pictures;

/// <summary>The colours of the page's light theme, read from the style sheets that the page has: a colour is named once.</summary>
internal static partial class PictureColours
{
    private const int Steps = 5;

    private static readonly Dictionary<string, string> Declared = Declarations().Matches(Palette() + ThemeVariables.StyleSheet)
        .GroupBy(match => match.Groups["name"].Value).ToDictionary(group => group.Key, group => group.First().Groups["value"].Value.Trim());

    /// <summary>What everything stands on.</summary>
    internal static SKColor Panel { get; } = Of("panel");

    /// <summary>What a model wrote, and titles.</summary>
    internal static SKColor Ink { get; } = Of("ink");

    /// <summary>What a person wrote.</summary>
    internal static SKColor Soft { get; } = Of("soft");

    /// <summary>Lines between parts.</summary>
    internal static SKColor Line { get; } = Of("line");

    /// <summary>What is pointed out.</summary>
    internal static SKColor Accent { get; } = Of("accent");

    /// <summary>What went wrong.</summary>
    internal static SKColor Bad { get; } = Of("bad");

    /// <summary>The grounds of tokens by their step on the heat scale; the first has none.</summary>
    internal static SKColor?[] Heat { get; } = [null, .. Enumerable.Range(1, Steps).Select(step => (SKColor?)Of($"h{step}"))];

    /// <summary>The ink on each of them.</summary>
    internal static SKColor[] HeatInk { get; } = [Ink, Ink, Ink, Of("h34-ink"), Of("h34-ink"), Of("h5-ink")];

    private static SKColor Of(string name)
    {
        var value = Declared[name];
        if (Reference().Match(value) is { Success: true } reference)
            return Of(reference.Groups[1].Value);
        var light = value.StartsWith("light-dark(", StringComparison.Ordinal) ? Colour().Match(value).Value : value;
        if (Parts().Match(light) is not { Success: true } parts)
            return SKColor.Parse(light);
        var numbers = parts.Groups[1].Value.Split(',').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new SKColor((byte)numbers[0], (byte)numbers[1], (byte)numbers[2], (byte)Math.Round((numbers.Length > 3 ? numbers[3] : 1) * byte.MaxValue));
    }

    private static string Palette()
    {
        using var reader = new StreamReader(typeof(PictureColours).Assembly.GetManifestResourceStream("css/palette.css")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"--(?<name>[\w-]+):(?<value>[^;{}]+);")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"^var\(--([\w-]+)\)$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}|rgba?\([^)]*\)")]
    private static partial Regex Colour();

    [GeneratedRegex(@"^rgba?\(([^)]*)\)$")]
    private static partial Regex Parts();
}
