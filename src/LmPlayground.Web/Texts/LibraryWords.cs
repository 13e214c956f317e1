using System.Globalization;
using LmPlayground.Demos;
using LmPlayground.Generation.Metrics;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sharing;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Texts;

/// <summary>What the libraries say, in the reader's language where it has been translated, else in their own English.</summary>
/// <param name="words">The translations, by the libraries' codes.</param>
public sealed class LibraryWords(IStringLocalizer<LibraryTexts> words)
{
    /// <summary>A message.</summary>
    public string Of(Message message) =>
        words[message.Code] is { ResourceNotFound: false } found
            ? string.Format(CultureInfo.InvariantCulture, found.Value, [.. message.Arguments.Select(Said)])
            : message.Text;

    /// <summary>Why a document or a link is no demo.</summary>
    public string Of(SharedDemoException error) => Of(new Message(error.Code, error.Message, error.Arguments));

    /// <summary>What a store of demos refuses.</summary>
    public string Of(DemoStoreException error) => Of(new Message(error.Code, error.Message, error.Arguments));

    /// <summary>A parameter's name for people.</summary>
    public string Label(Parameter parameter) => Find(LabelCode(parameter.Name), parameter.Label);

    /// <summary>What a parameter does.</summary>
    public string Help(Parameter parameter) => Find(HelpCode(parameter.Name), parameter.Help);

    /// <summary>A setting's name for people.</summary>
    public string Label(Setting setting) => Find(LabelCode(setting.Name), setting.Label);

    /// <summary>What a setting does.</summary>
    public string Help(Setting setting) => Find(HelpCode(setting.Name), setting.Help);

    /// <summary>A stage's name for people.</summary>
    public string Label(SamplingStage stage) => Find(StageCode(stage.Name), stage.Label);

    /// <summary>The name for people of the stage that is called so.</summary>
    public string Stage(string name) => SamplingStages.Find(name) is { } stage ? Label(stage) : name;

    /// <summary>Why a run ended, in short.</summary>
    public string Label(FinishReason reason) => Find(ReasonCode(reason.Name), reason.Label);

    /// <summary>Which stage removed a token, as a chip says it.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="temperature">The temperature in use: at 0 what it removes is called greedy.</param>
    public string Removal(string stage, double temperature) =>
        stage == TemperatureStage.Temperature.Name && temperature == 0 ? FormatTexts.Get("Greedy") : Stage(stage).ToLowerInvariant();

    /// <summary>A metric's name for people.</summary>
    public string Label(RunMetric metric) => Find(MetricCode(metric.Name, "label"), metric.Label);

    /// <summary>What a metric is measured in.</summary>
    public string Unit(RunMetric metric) => Find(MetricCode(metric.Name, "unit"), metric.Unit);

    /// <summary>What a metric says.</summary>
    public string Help(RunMetric metric) => Find(MetricCode(metric.Name, "help"), metric.Help);

    internal static string MetricCode(string name, string what) => $"metric.{name}.{what}";

    internal static string LabelCode(string name) => $"setting.{name}.label";

    internal static string HelpCode(string name) => $"setting.{name}.help";

    internal static string StageCode(string name) => $"stage.{name}";

    internal static string ReasonCode(string name) => $"reason.{name}";

    private object? Said(object? argument) => argument is Message message ? Of(message) : argument;

    private string Find(string code, string english) => words[code] is { ResourceNotFound: false } found ? found.Value : english;
}
