using System.Text.RegularExpressions;
using LmPlayground.Generation.Comparison;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Web.Cli;

/// <summary>The columns of <c>compare</c>: what each of them changes of the command's own settings, and what it is called.</summary>
/// <param name="Names">What they are called.</param>
/// <param name="Columns">The command's own settings with what each of them changes.</param>
internal sealed partial record CompareColumns(IReadOnlyList<string> Names, ValueList<RunRequest> Columns)
{
    /// <summary>What a column can change: all that a comparison does not share by its nature.</summary>
    private static readonly IReadOnlyList<Setting> Known =
        [RunSettings.Model, RunSettings.Seed, RunSettings.Order, .. StageSettings.All, .. StopSettings.Settings];

    /// <summary>Reads columns, each <c>temperature=1.4,top_p=0.9,model=lstm</c>.</summary>
    /// <exception cref="CommandLineException">A column cannot be read, or there are too few or too many.</exception>
    internal static CompareColumns Parse(IReadOnlyList<string> texts, RunRequest shared)
    {
        if (texts.Count is < ComparisonRequest.LeastColumns or > ComparisonRequest.MostColumns)
        {
            throw new CommandLineException(
                $"Give {ComparisonRequest.LeastColumns} to {ComparisonRequest.MostColumns} columns with --column, such as --column temperature=0.7 --column temperature=1.4,top_p=0.9, or a --sweep.");
        }

        return new CompareColumns([.. texts.Select(text => text.Length == 0 ? "as given" : text)], [.. texts.Select(text => Column(text, shared))]);
    }

    /// <summary>A column for each value of one number of the sampler: <c>temperature=0.2:1.6:0.2</c> or <c>top_k=1,5,40</c>.</summary>
    /// <exception cref="CommandLineException">The sweep cannot be read.</exception>
    internal static CompareColumns Sweep(string text, RunRequest shared)
    {
        try
        {
            var sweep = Generation.Comparison.Sweep.Parse(text);
            return new CompareColumns([.. sweep.Names], [.. sweep.Values.Select(value => shared.With(StageSettings.Of(sweep.Parameter), value))]);
        }
        catch (SettingException exception)
        {
            throw new CommandLineException("--sweep: " + exception.Message);
        }
    }

    /// <summary>A part without a name belongs to the value before it, so that a value may hold commas.</summary>
    private static RunRequest Column(string text, RunRequest shared)
    {
        var given = new List<(Setting Setting, List<string> Texts)>();
        foreach (var part in text.Length == 0 ? [] : text.Split(','))
        {
            var named = NamedPart().Match(part);
            if (named.Success)
                Add(given, Find(named.Groups[1].Value, text), named.Groups[2].Value);
            else if (given.Count > 0)
                given[^1].Texts[^1] += "," + part;
            else
                throw new CommandLineException($"--column '{Quoted.Text(text)}': a column is NAME=VALUE,NAME=VALUE, such as temperature=0.7,top_p=0.9.");
        }

        var reading = RunArguments.Read(shared, given.Select(pair => (pair.Setting, (IReadOnlyList<string>)pair.Texts)), setting => setting.Name);
        if (reading.Problems is [var problem, ..])
            throw new CommandLineException($"--column '{Quoted.Text(text)}': {problem.Error}");
        return reading.Request;
    }

    /// <summary>A list's texts may stand under its name several times.</summary>
    private static void Add(List<(Setting Setting, List<string> Texts)> given, Setting setting, string text)
    {
        var earlier = given.FindIndex(pair => pair.Setting == setting);
        if (earlier < 0)
        {
            given.Add((setting, [text]));
            return;
        }

        var (_, texts) = given[earlier];
        given.RemoveAt(earlier);
        texts.Add(text);
        given.Add((setting, texts));
    }

    private static Setting Find(string name, string text)
    {
        var known = name.Replace('-', '_');
        return Known.FirstOrDefault(setting => setting.Name == known) ?? throw new CommandLineException(
            $"--column '{Quoted.Text(text)}': there is no setting '{Quoted.Text(name)}'. Known are {string.Join(", ", Known.Select(setting => setting.Name))}.");
    }

    [GeneratedRegex("^\\s*([A-Za-z][A-Za-z0-9_-]*)=(.*)$", RegexOptions.Singleline)]
    private static partial Regex NamedPart();
}
