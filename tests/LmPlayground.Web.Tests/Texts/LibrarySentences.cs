using System.Text;
using System.Text.RegularExpressions;
using LmPlayground.Generation.Metrics;
using LmPlayground.Runs;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Tests.Texts;

/// <summary>What the libraries say, by code: from their declarations, and from their sources.</summary>
internal static partial class LibrarySentences
{
    private static readonly string[] Projects = ["Sampling", "Models", "Generation", "Runs", "Sharing", "Demos", "Web"];

    /// <summary>All of it, each code with its English.</summary>
    internal static SortedDictionary<string, string> All()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in RunSettings.All.Where(setting => setting.Help.Length > 0))
        {
            all[LibraryWords.LabelCode(setting.Name)] = setting.Label;
            all[LibraryWords.HelpCode(setting.Name)] = setting.Help;
        }

        foreach (var stage in SamplingStages.All)
            all[LibraryWords.StageCode(stage.Name)] = stage.Label;
        foreach (var reason in FinishReason.All)
            all[LibraryWords.ReasonCode(reason.Name)] = reason.Label;
        foreach (var metric in RunMetrics.All)
        {
            all[LibraryWords.MetricCode(metric.Name, "label")] = metric.Label;
            all[LibraryWords.MetricCode(metric.Name, "help")] = metric.Help;
            if (metric.Unit.Length > 0)
                all[LibraryWords.MetricCode(metric.Name, "unit")] = metric.Unit;
        }

        foreach (var (code, text) in Projects.SelectMany(project => Directory.EnumerateFiles(Path.Combine(TestFiles.Root, "src", $"LmPlayground.{project}"), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => InSource(File.ReadAllText(file))))
        {
            // Two sentences of one code would be translated by one.
            if (!all.TryAdd(code, text) && all[code] != text)
                throw new InvalidOperationException($"The code {code} has two sentences: \"{all[code]}\" and \"{text}\".");
        }

        return all;
    }

    private static IEnumerable<(string Code, string Text)> InSource(string source)
    {
        foreach (Match match in Sentence().Matches(source))
        {
            var before = match.Groups["before"].Value switch { "Refuse" => "{0} '{1}' ", "Replace" => "{0} {1} ", _ => "" };
            yield return (match.Groups["code"].Value, before + FormatOf(source, match.Index + match.Length, before.Length == 0 ? 0 : 2));
        }
    }

    /// <summary>The format string that the compiler makes of an interpolated one.</summary>
    private static string FormatOf(string source, int at, int hole)
    {
        var format = new StringBuilder();
        while (source[at] != '"')
        {
            if (source[at] == '\\')
            {
                format.Append(source[at + 1] switch { 'n' => '\n', 't' => '\t', var other => other });
                at += 2;
            }
            else if (source[at] == '{' && source[at + 1] != '{')
            {
                var end = EndOfHole(source, at + 1, out var specifier);
                format.Append('{').Append(hole++).Append(specifier).Append('}');
                at = end + 1;
            }
            else
            {
                var length = source[at] is '{' or '}' ? 2 : 1;
                format.Append(source.AsSpan(at, length));
                at += length;
            }
        }

        return format.ToString();
    }

    private static int EndOfHole(string source, int at, out string specifier)
    {
        specifier = "";
        var (depth, quoted) = (0, false);
        for (var i = at; ; i++)
        {
            if (source[i] == '"')
                quoted = !quoted;
            else if (!quoted && source[i] is '(' or '[' or '{')
                depth++;
            else if (!quoted && source[i] == '}' && depth == 0)
                return i;
            else if (!quoted && source[i] is ')' or ']' or '}')
                depth--;
            else if (!quoted && source[i] == ':' && depth == 0)
                specifier = source[i..source.IndexOf('}', i)];
        }
    }

    [GeneratedRegex("(?<before>Exception|new|Message\\.Of|Refuse|Replace)\\(\\s*(?:texts\\[\\^1\\], |text, |\\w+\\.GetRawText\\(\\), )?\"(?<code>[\\w.]+)\",\\s*\\$\"")]
    private static partial Regex Sentence();
}
