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
        if (Names(unused.Intersect(OfSearch)) is { } search)
            yield return In(column, Message.Of("compare.samples", $"Compare samples. Not used: {search}."));
        if (Names(unused.Intersect(OfColumn)) is { } own)
            yield return Message.Of("compare.own", $"Each column has a model and stages of its own. Not used outside of a column: {own}.");
        if (Names(unused.Intersect([.. Shared, .. OfPage])) is { } shared)
            yield return In(column, Message.Of("compare.shared", $"What all columns share has no place in one of them. Not used: {shared}."));
        if (Names(unused.Except([.. OfSearch, .. OfColumn, .. Shared, .. OfPage])) is { } others)
            yield return In(column, Message.Of("compare.unknown", $"Compare has no such setting. Not used: {others}."));
    }

    private static string? Names(IEnumerable<Setting> settings)
    {
        string[] names = [.. settings.Select(setting => setting.Name)];
        return names.Length == 0 ? null : string.Join(", ", names);
    }

    private static Message In(int? column, Message message) => column is { } number ? Message.Of("columns.problem", $"Column {number}: {message}") : message;
}
