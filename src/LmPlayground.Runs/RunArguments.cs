using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs;

/// <summary>A request from named texts, such as the options of a command line: whoever gave them is told what is wrong rather than served something else.</summary>
public static class RunArguments
{
    /// <summary>Reads what was given over what a request has already.</summary>
    /// <param name="start">The request that the settings change.</param>
    /// <param name="given">The settings that were given, each with its texts.</param>
    /// <param name="called">What a setting is called where the texts come from: "--top-p".</param>
    public static RunReading Read(
        RunRequest start, IEnumerable<(Setting Setting, IReadOnlyList<string> Texts)> given, Func<Setting, string> called)
    {
        var problems = new List<SettingProblem>();
        var request = start;
        var settings = new List<Setting>();
        foreach (var (setting, texts) in given)
        {
            settings.Add(setting);
            request = setting.Read(texts, called(setting), problems) is { } value ? request.With(setting, value) : request.Without(setting);
        }

        request = RunRules.Settle(request, problems, called);
        problems.AddRange(RunRules.Idle(request, settings, called).Select(idle => new SettingProblem(Message.Of("setting.idle", $"{idle}"), idle)));
        return new RunReading(request, [.. problems]);
    }
}
