using System.CommandLine;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;

namespace LmPlayground.Web.Cli;

/// <summary>The options of a command that runs a model: which one, the settings of the run, and what is printed.</summary>
internal sealed class RunOptionsOfCommand
{
    private readonly Option<string> _model = new("--model") { Description = "A model's id (see the command models) or folder.", Required = true };
    private readonly Option<string?> _variant = new("--variant") { Description = "Which of the model's graphs: q4, full, quantized, int8, uint8, bnb4, q4f16, fp16." };
    private readonly Option<int> _top = new("--top") { Description = "How many candidates each token lists.", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object a token, then one of the whole run." };
    private readonly SettingOptions _settings;

    /// <summary>Options for these settings besides the model.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="names">What this command calls some of them.</param>
    internal RunOptionsOfCommand(IEnumerable<Setting> settings, params (Setting Setting, string Name)[] names) => _settings = new SettingOptions(settings, names);

    internal void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_variant);
        _settings.AddTo(command);
        command.Options.Add(_top);
        command.Options.Add(_json);
    }

    internal bool Json(ParseResult parsed) => parsed.GetValue(_json);

    internal int Top(ParseResult parsed) =>
        parsed.GetValue(_top) is >= 0 and var top ? top : throw new CommandLineException("--top must be 0 or more.");

    /// <summary>What was asked for, checked as far as it can be without a model.</summary>
    /// <exception cref="CommandLineException">A value cannot be used.</exception>
    internal RunRequest Read(ParseResult parsed, RunRequest? start = null)
    {
        var model = parsed.GetRequiredValue(_model);
        return _settings.Read(parsed, (start ?? new RunRequest()) with { Model = parsed.GetValue(_variant) is { } variant ? $"{model}:{variant}" : model });
    }
}
