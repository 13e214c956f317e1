using System.Collections.Immutable;
using LmPlayground.Runs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings;

namespace LmPlayground.Web.State;

/// <summary>Which settings of a run a comparison on the page has, for all columns or for each; what else an address asks for is said, not dropped in silence.</summary>
internal static class CompareSettings
{
    /// <summary>What a column has of its own.</summary>
    internal static readonly ImmutableArray<Setting> OfColumn = [RunSettings.Model, RunSettings.Order, .. StageSettings.All];

    /// <summary>What all columns share.</summary>
    internal static readonly ImmutableArray<Setting> Shared =
        [RunSettings.Prompt, .. StopSettings.Settings, RunSettings.Seed, RunSettings.TemplateTime, RunSettings.Defaults];

    /// <summary>What the page has besides: the columns, and the given continuation.</summary>
    private static readonly ImmutableArray<Setting> OfPage = [RunSettings.Columns, RunSettings.Continuation];

    private static readonly ImmutableArray<Setting> OfSearch = [.. SearchSettings.Settings];

    /// <summary>What a request asks for that the page does not do, in sentences for the reader.</summary>
    internal static IEnumerable<Message> Unused(RunRequest request) =>
    [
        .. Unused(request, null, [.. Shared, .. OfPage, .. request.Task == RunTask.Score ? [RunSettings.Task] : Array.Empty<Setting>()]),
        .. request.Columns.SelectMany((column, index) => Unused(column, index + 1, OfColumn)),
    ];

    private static IEnumerable<Message> Unused(RunRequest request, int? column, ImmutableArray<Setting> used)
    {
        Setting[] unused = [.. RunSettings.All.Where(setting => request.Has(setting) && !used.Contains(setting))];
        if (Said(unused.Intersect(OfSearch), OfSearches) is { } search)
            yield return In(column, search);
        if (Said(unused.Intersect(OfColumn), OfColumns) is { } own)
            yield return own;
        if (Said(unused.Intersect([.. Shared, .. OfPage]), OfAll) is { } shared)
            yield return In(column, shared);
        if (Said(unused.Except([.. OfSearch, .. OfColumn, .. Shared, .. OfPage]), OfOthers) is { } others)
            yield return In(column, others);
    }

    private static Message OfSearches(string names, bool isOne) => isOne
        ? Message.Of("compare.samples.one", $"Compare samples: {names} is not used.")
        : Message.Of("compare.samples.other", $"Compare samples: {names} are not used.");

    private static Message OfColumns(string names, bool isOne) => isOne
        ? Message.Of("compare.own.one", $"Each column has a model and stages of its own: {names} is not used outside of a column.")
        : Message.Of("compare.own.other", $"Each column has a model and stages of its own: {names} are not used outside of a column.");

    private static Message OfAll(string names, bool isOne) => isOne
        ? Message.Of("compare.shared.one", $"what all columns share has no place in one of them: {names} is not used.")
        : Message.Of("compare.shared.other", $"what all columns share has no place in one of them: {names} are not used.");

    private static Message OfOthers(string names, bool isOne) => isOne
        ? Message.Of("compare.unknown.one", $"Compare has no such setting: {names} is not used.")
        : Message.Of("compare.unknown.other", $"Compare has no such setting: {names} are not used.");

    private static Message? Said(IEnumerable<Setting> settings, Func<string, bool, Message> say)
    {
        string[] names = [.. settings.Select(setting => setting.Name)];
        return names.Length == 0 ? null : say(string.Join(", ", names), names.Length == 1);
    }

    private static Message In(int? column, Message message) => column is { } number ? Message.Of("columns.problem", $"Column {number}: {message}") : message;
}
