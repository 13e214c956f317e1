using System.Text.RegularExpressions;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs;

/// <summary>What settings of a run ask of each other.</summary>
public static partial class RunRules
{
    /// <summary>The request with what does not fit taken back: what refines a search that is not asked for, and a search that cannot be.</summary>
    /// <param name="request">What was read.</param>
    /// <param name="problems">Takes what cannot be.</param>
    /// <param name="called">What settings are called where the request was written; their own names unless given.</param>
    internal static RunRequest Settle(RunRequest request, ICollection<SettingProblem> problems, Func<Setting, string>? called = null)
    {
        called ??= setting => setting.Name;
        if (request.Has(SearchSettings.NumBeams) && request.Has(SearchSettings.BestOf))
        {
            problems.Add(new SettingProblem(Message.Of("search.both", $"best_of does not go with num_beams: beams are followed."), $"Give {called(SearchSettings.NumBeams)} or {called(SearchSettings.BestOf)}, not both."));
            request = request.Without(SearchSettings.BestOf);
        }

        foreach (var (setting, needed) in SearchSettings.Needs)
        {
            if (!request.Has(setting) || needed.Any(request.Has))
                continue;
            problems.Add(new SettingProblem(
                Message.Of("search.needs", $"{setting.Name} does nothing without {Names(needed, setting => setting.Name)}."), $"{called(setting)} needs {Names(needed, called)}."));
            request = request.Without(setting);
        }

        try
        {
            request.Search.Validate();
            return request;
        }
        catch (SettingException error)
        {
            problems.Add(new SettingProblem(Message.Of("search.sampled", $"{new Message(error.Code, error.Message, error.Arguments)} One text is sampled instead."), Renamed(error.Message, called)));
            return SearchSettings.Needs.Select(rule => rule.Setting).Append(SearchSettings.NumBeams).Append(SearchSettings.BestOf)
                .Aggregate(request, (settled, setting) => settled.Without(setting));
        }
    }

    /// <summary>What a request says that would silently do nothing: for those who refuse rather than go on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="given">The settings that were given, even if their value is the default.</param>
    /// <param name="called">What settings are called where the request was written.</param>
    internal static IEnumerable<string> Idle(RunRequest request, IReadOnlyCollection<Setting> given, Func<Setting, string> called)
    {
        var options = request.Sampling(new SamplingOptions());
        if (!OrderFormat.IsPreset(request.Order))
        {
            foreach (var stage in SamplingStages.All.Where(stage => stage.IsOn(options) && !request.Order.Stages.Contains(stage.Name)))
                yield return $"{stage.Name} is on, but {called(RunSettings.Order)} does not name it, so it would not run: add it there.";
        }

        foreach (var part in StopSettings.All.Where(part => request.Has(part.Setting)))
        {
            if (StopSettings.NeededBy(part.Setting) is { } needed && !request.Has(needed))
                yield return $"{called(part.Setting)} needs {called(needed)} above 0.";
        }

        if (request.Has(SearchSettings.NegativePrompt) && !given.Contains(SearchSettings.GuidanceScale))
            yield return $"{called(SearchSettings.NegativePrompt)} needs {called(SearchSettings.GuidanceScale)}.";
    }

    /// <summary>The library names settings as transformers does; whoever wrote the request may call them otherwise.</summary>
    private static string Renamed(string message, Func<Setting, string> called) =>
        LibraryName().Replace(message, name => RunSettings.Find(name.Value) is { } setting ? called(setting) : name.Value);

    private static string Names(IEnumerable<Setting> settings, Func<Setting, string> called) => string.Join(" or ", settings.Select(called));

    [GeneratedRegex("[a-z]+(_[a-z]+)+")]
    private static partial Regex LibraryName();
}
