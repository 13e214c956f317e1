using System.Globalization;

namespace LmPlayground.Tests;

/// <summary>An example of a README that is code of a test: both are the same text, and the README shows what the code prints.</summary>
internal static class ReadmeSample
{
    private const string Begin = "// The README's example begins.";
    private const string End = "// The README's example ends.";

    /// <summary>
    /// Holds the first example of a project's README, and the output below it, to a test's source and what it printed.
    /// With LMPLAYGROUND_WRITE_README set both are written instead.
    /// </summary>
    /// <param name="project">The project's name: "LmPlayground.Sampling".</param>
    /// <param name="source">The test's file in the project's tests.</param>
    /// <param name="printed">What running the example printed.</param>
    public static void Hold(string project, string source, string printed)
    {
        var path = Path.Combine(TestFiles.Root, "src", project, "README.md");
        var readme = File.ReadAllText(path);
        var usings = string.Join('\n', Block(readme, "csharp").Split('\n').Where(line => line.StartsWith("using ", StringComparison.Ordinal)));
        var code = $"{usings}\n\n{CodeOf(Path.Combine(TestFiles.Root, "tests", project + ".Tests", source))}";
        var expected = With(With(readme, "csharp", code), "text", printed.ReplaceLineEndings("\n").TrimEnd());
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_WRITE_README") is { Length: > 0 })
            File.WriteAllText(path, expected);
        else
            Assert.Equal(expected, readme);
    }

    /// <summary>What an example writes to, in the place of the console.</summary>
    public static StringWriter Output()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return new StringWriter(CultureInfo.InvariantCulture);
    }

    private static string With(string readme, string language, string block)
    {
        var (begin, end) = Place(readme, language);
        return readme[..begin] + block + readme[end..];
    }

    private static string Block(string readme, string language)
    {
        var (begin, end) = Place(readme, language);
        return readme[begin..end];
    }

    private static (int Begin, int End) Place(string readme, string language)
    {
        var begin = readme.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return (begin, readme.IndexOf("\n```", begin, StringComparison.Ordinal));
    }

    private static string CodeOf(string file)
    {
        var lines = File.ReadAllLines(file).SkipWhile(line => line.Trim() != Begin).Skip(1).TakeWhile(line => line.Trim() != End).ToList();
        Assert.NotEmpty(lines);
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : "")).Trim();
    }
}
