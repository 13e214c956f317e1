using System.Text.RegularExpressions;
using System.Xml.Linq;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Tests.Texts;

/// <summary>What the page says stands in resources: nothing is written into components, nothing is missing there, and nothing is left over.</summary>
public partial class TextTests
{
    private static readonly string Web = Path.Combine(TestFiles.Root, "src", "LmPlayground.Web");
    private static readonly string Components = Path.Combine(Web, "Components");

    /// <summary>Every component.</summary>
    public static TheoryData<string> Razor => [.. Directory.EnumerateFiles(Components, "*.razor", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Components, file)).Order()];

    /// <summary>Every area that has resources.</summary>
    public static TheoryData<string> Areas => [.. Directory.EnumerateFiles(Path.Combine(Web, "Texts"), "*Texts.resx").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Theory]
    [MemberData(nameof(Razor))]
    public void No_component_has_a_literal_text(string file)
    {
        var found = RazorLiterals.Of(Components, Path.Combine(Components, file)).Where(text => text is not ("LmPlayground" or "· LmPlayground")).ToList();
        Assert.True(found.Count == 0, $"{file} says by itself: {string.Join(" | ", found)}");
    }

    [Theory]
    [InlineData("<p>Hello there</p>", "Hello there")]
    [InlineData("<button title=\"Draw a new seed\">@Words[\"Keep\"]</button>", "Draw a new seed")]
    [InlineData("@if (true) { <b>@(1 > 0 ? \"Fill to see them\" : Words[\"Other\"])</b> }", "Fill to see them")]
    [InlineData("<Term Of=\"u\" Label=\"The draw\" />", "The draw")]
    [InlineData("<i>@($\"Run {1} earlier\")</i>", "Run {1} earlier")]
    public void A_literal_text_is_found(string razor, string text)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "Sample.razor");
        File.WriteAllText(file, razor);
        Assert.Equal([text], RazorLiterals.Of(folder.Path, file));
    }

    [Theory]
    [MemberData(nameof(Areas))]
    public void Every_text_that_is_asked_for_is_there_and_every_one_there_is_asked_for(string area)
    {
        var texts = Names(area);
        var sources = Sources().Where(source => source.Contains(area, StringComparison.Ordinal)).ToList();
        var asked = sources.SelectMany(source => Asked().Matches(source)).Select(match => match.Groups["name"].Value)
            .Concat(sources.SelectMany(source => Counted().Matches(source)).Select(match => match.Groups["name"].Value + ".other")).ToHashSet();
        Assert.All(asked, name => Assert.True(texts.Contains(name) || AllNames().Contains(name), $"There is no text {name}."));
        if (area != nameof(LibraryTexts))
        {
            var literals = Sources().SelectMany(source => Literal().Matches(source)).Select(match => match.Groups[1].Value).ToHashSet();
            Assert.All(texts, name => Assert.True(literals.Any(literal => literal.Length > 0 && (name == literal || name.StartsWith(literal + ".", StringComparison.Ordinal) || IsMadeOf(name, literal))), $"Nobody says {area}.{name}."));
        }
    }

    /// <summary>A name that is put together: $"Ordinal.{n}".</summary>
    private static bool IsMadeOf(string name, string literal) =>
        literal.Contains('{') && Regex.IsMatch(name, $"^{Regex.Replace(Regex.Escape(literal).Replace("\\{", "{"), "\\{[^}]*\\}", "\\w+")}$");

    private static HashSet<string> AllNames() => [.. Directory.EnumerateFiles(Path.Combine(Web, "Texts"), "*.resx").SelectMany(file => Names(Path.GetFileNameWithoutExtension(file)))];

    private static HashSet<string> Names(string area) =>
        [.. XDocument.Load(Path.Combine(Web, "Texts", area + ".resx")).Root!.Elements("data").Select(data => data.Attribute("name")!.Value)];

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Web, "*.*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) is ".razor" or ".cs" && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    [GeneratedRegex("\\b[wW]ords\\[\"(?<name>[\\w.]+)\"")]
    private static partial Regex Asked();

    [GeneratedRegex("Plural\\(\\s*\"(?<name>[\\w.]+)\"")]
    private static partial Regex Counted();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Literal();
}
