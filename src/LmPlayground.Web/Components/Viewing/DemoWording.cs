using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>What is said of a demo's token, by the server and in the data that the script shows.</summary>
internal static class DemoWording
{
    /// <summary>The stages that are shown: those that are on, and the temperature.</summary>
    internal static IEnumerable<SamplingStage> StagesOf(DemoRunView run) =>
        run.Options.Order.Stages.Select(SamplingStages.Find).OfType<SamplingStage>()
            .Where(stage => stage.IsOn(run.Options) || stage.Parameters.Contains(TemperatureStage.Temperature));

    /// <summary>How a token was chosen.</summary>
    internal static string How(DemoRunView run, TokenStep? step, IStringLocalizer<PanelTexts> words) => step is null ? words["TheDrawOf"]
        : step.IsForced ? words["ChosenBySearch"]
        : run.Run.Masked?.Task == DemoMaskedTask.Score || run.Run.Request.Task == LmPlayground.Runs.RunTask.Score ? words["GivenByText"]
        : run.Options.Temperature == 0 ? words["GreedyLikeliest"]
        : words["ChosenWith", step.Draw.U.ToString("0.000", CultureInfo.InvariantCulture)];

    /// <summary>What the columns of a comparison are called: by what differs from the first.</summary>
    internal static ImmutableArray<string> TitlesOf(DemoView view, PageWords words) =>
    [
        .. view.Runs.Select((run, index) =>
        {
            var differences = ColumnTitle.Of(index == 0 ? new SamplingOptions() : view.Runs[0].Options, run.Options, words);
            var isOther = index == 0 || run.ModelName != view.Runs[0].ModelName;
            var parts = isOther && run.ModelName.Length > 0 ? [run.ModelName, .. differences] : differences;
            return Unmasked.Of(string.Join(", ", parts.IsEmpty ? [words["AsFirstColumn"]] : parts));
        }),
    ];

    /// <summary>The model of a run and what its strategy is, in a few words each.</summary>
    internal static ImmutableArray<string> StrategyOf(DemoRunView run, PageWords words)
    {
        var search = run.Run.Request.Search;
        var parts = ImmutableArray.CreateBuilder<string>();
        if (search.Beams is { } beams)
            parts.Add(words["TitleValue", words.Library.Label(SearchSettings.NumBeams).ToLowerInvariant(), beams.NumBeams]);
        else if (search.BestOf is { } best)
            parts.Add(words["TitleValue", words.Library.Label(SearchSettings.BestOf).ToLowerInvariant(), best.Count]);
        parts.AddRange(ColumnTitle.Of(new SamplingOptions(), run.Options, words));
        return [.. parts.Select(part => Unmasked.Line(part, 80))];
    }
}
