using System.CommandLine;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;

namespace LmPlayground.Web.Cli;

/// <summary>The options of a command that the settings of a run declare.</summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option Option)> _options;

    /// <summary>An option for each of these settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="names">What this command calls some of them.</param>
    internal SettingOptions(IEnumerable<Setting> settings, params (Setting Setting, string Name)[] names) =>
        _options = [.. settings.Select(setting => (setting, OptionOf(setting, Array.Find(names, name => name.Setting == setting).Name ?? setting.CommandLineName)))];

    internal void AddTo(Command command)
    {
        foreach (var (_, option) in _options)
            command.Options.Add(option);
    }

    /// <summary>What was given, over what a request has already.</summary>
    /// <exception cref="CommandLineException">A value cannot be used.</exception>
    internal RunRequest Read(ParseResult parsed, RunRequest start)
    {
        var given = _options.Where(pair => parsed.GetResult(pair.Option) is { Implicit: false })
            .Select(pair => (pair.Setting, (IReadOnlyList<string>)TextsOf(parsed, pair.Option)));
        return Checked(RunArguments.Read(start, given, Called));
    }

    /// <summary>Whether a setting was given.</summary>
    internal bool Has(ParseResult parsed, Setting setting) =>
        parsed.GetResult(_options.First(pair => pair.Setting == setting).Option) is { Implicit: false };

    private static RunRequest Checked(RunReading reading) =>
        reading.Problems is [var problem, ..] ? throw new CommandLineException(problem.Error) : reading.Request;

    private string Called(Setting setting) => _options.FirstOrDefault(pair => pair.Setting == setting).Option?.Name ?? setting.CommandLineName;

    private static Option OptionOf(Setting setting, string name) => setting switch
    {
        { IsSwitch: true } => new Option<bool>(name) { Description = setting.Help },
        { IsList: true } => new Option<string[]>(name) { Description = Describe(setting) + " May be given several times.", AllowMultipleArgumentsPerToken = true },
        _ => new Option<string?>(name) { Description = Describe(setting) },
    };

    private static string Describe(Setting setting) => setting.Expects == "a text" ? setting.Help : $"{setting.Label}: {setting.Expects}. {setting.Help}";

    private static string[] TextsOf(ParseResult parsed, Option option) => option switch
    {
        Option<bool> flag => [parsed.GetValue(flag) ? "true" : "false"],
        Option<string[]> list => parsed.GetValue(list) ?? [],
        Option<string?> text => [parsed.GetValue(text) ?? ""],
        _ => throw new NotSupportedException(option.Name),
    };
}
