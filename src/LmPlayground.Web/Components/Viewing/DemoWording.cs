using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
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
}
