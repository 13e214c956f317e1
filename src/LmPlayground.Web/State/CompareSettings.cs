using System.Collections.Immutable;
using LmPlayground.Runs;
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
    internal static IEnumerable<string> Unused(RunRequest request) =>
    [
        .. Unused(request, "", [.. Shared, .. OfPage, .. request.Task == RunTask.Score ? [RunSettings.Task] : Array.Empty<Setting>()]),
        .. request.Columns.SelectMany((column, index) => Unused(column, $"Column {index + 1}: ", OfColumn)),
    ];

    private static IEnumerable<string> Unused(RunRequest request, string place, ImmutableArray<Setting> used)
    {
        Setting[] unused = [.. RunSettings.All.Where(setting => request.Has(setting) && !used.Contains(setting))];
        if (Names(unused.Intersect(OfSearch)) is { } search)
            yield return $"{place}Compare samples: {search} not used.";
        if (Names(unused.Intersect(OfColumn)) is { } own)
            yield return $"Each column has a model and stages of its own: {own} not used outside of a column.";
        if (Names(unused.Intersect([.. Shared, .. OfPage])) is { } shared)
            yield return $"{place}what all columns share has no place in one of them: {shared} not used.";
        if (Names(unused.Except([.. OfSearch, .. OfColumn, .. Shared, .. OfPage])) is { } others)
            yield return $"{place}Compare has no such setting: {others} not used.";
    }

    private static string? Names(IEnumerable<Setting> settings)
    {
        string[] names = [.. settings.Select(setting => setting.Name)];
        return names.Length == 0 ? null : $"{string.Join(", ", names)} {(names.Length == 1 ? "is" : "are")}";
    }
}
