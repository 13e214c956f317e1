using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using LmPlayground.Generation.Metrics;
using LmPlayground.Runs;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sharing;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Sharing.Links;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>
/// What the scripts in js/open know of demos, as data: limits, schema, stages, metrics and words. All of it is declared elsewhere; nothing is
/// written down twice.
/// </summary>
internal sealed class OpenerRules(
    IStringLocalizer<OpenTexts> open, IStringLocalizer<DemoTexts> demo, IStringLocalizer<PanelTexts> panel, IStringLocalizer<ControlTexts> control,
    IStringLocalizer<StateTexts> state, IStringLocalizer<ComparingTexts> compare, IStringLocalizer<FormatTexts> format, LibraryWords library)
{
    /// <summary>Nothing in it can be taken for markup.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private static readonly JsonNode Schema = ReadSchema();

    private (string Area, IStringLocalizer Texts, string[] Names)[] Words =>
    [
        ("demo", demo,
        [
            "Broken", "Caveat", "Computer", "FirstDifference", "Model", "ModelHash", "MoreBranches", "MoreColumns", "MoreTokens", "NoDifference", "NoTokens",
            "Program", "Shared", "SharedDemo",
        ]),
        ("panel", panel, ["AndMore", "ChosenBySearch", "ChosenWith", "GivenByText", "GreedyLikeliest", "SearchFound.one", "SearchFound.other", "TheDrawOf", "Token", "TokenOf"]),
        ("control", control,
        [
            "Bits", "EffectFlatter", "EffectGreedy", "EffectHardly", "EffectMoved", "EffectOff", "EffectRemoved", "EffectSharper", "InertAllPass", "InertChance",
            "InertEarlier", "InertGreedy", "InertNoToken", "InertReplaced", "OtherTokens", "Others",
        ]),
        ("state", state, ["AsFirstColumn", "TitleCustomOrder", "TitleOff", "TitleOrder", "TitleTexts", "TitleValue"]),
        ("compare", compare, ["ColumnNamed"]),
        ("format", format, ["Greedy", "Ordinal.1", "Ordinal.2", "Ordinal.3", "Ordinal.other"]),
        ("open", open, [.. open.GetAllStrings(includeParentCultures: true).Select(text => text.Name)]),
    ];

    /// <summary>The data, as JSON, in the reader's language.</summary>
    internal string Write() => JsonSerializer.Serialize(
        new Dictionary<string, object>
        {
            ["version"] = SharedDemo.CurrentVersion,
            ["link"] = new { version = DemoLink.Version, codec = DemoLink.Codec, characters = DemoLink.MostCharacters, bytes = DemoLink.MostBytes },
            ["limits"] = Limits,
            ["schema"] = Schema,
            ["unit"] = DemoLogits.Unit,
            ["most"] = new Dictionary<string, int>
            {
                ["tokens"] = DemoView.MostTokens,
                ["columns"] = DemoView.MostColumns,
                ["candidates"] = DemoView.MostCandidates,
                ["beams"] = DemoSequences.MostRows,
                ["beamTokens"] = BeamText.MostTokens,
                ["chunk"] = SurprisalChunk.Size,
            },
            ["stages"] = SamplingStages.All.Select(Stage),
            ["orders"] = OrderPresets.All.Select(preset => new { name = preset.Name, stages = preset.Order.Stages }),
            ["reasons"] = FinishReason.All.DistinctBy(reason => reason.Name).ToDictionary(reason => reason.Name, library.Label),
            ["metrics"] = RunMetrics.All.Select(Metric),
            ["query"] = Query,
            ["words"] = Words.SelectMany(area => area.Names.Select(name => (Name: $"{area.Area}.{name}", area.Texts[name].Value))).ToDictionary(word => word.Name, word => word.Value),
        },
        Json);

    private static Dictionary<string, int> Limits => new()
    {
        ["bytes"] = DemoLimits.Bytes,
        ["depth"] = DemoLimits.Depth,
        ["values"] = DemoLimits.Values,
        ["models"] = DemoLimits.Models,
        ["runs"] = DemoLimits.Runs,
        ["tokens"] = DemoLimits.Tokens,
        ["candidatesOfToken"] = DemoLimits.CandidatesOfToken,
        ["candidates"] = DemoLimits.Candidates,
        ["promptTokens"] = DemoLimits.PromptTokens,
        ["stages"] = DemoLimits.Stages,
        ["beams"] = DemoLimits.Beams,
        ["title"] = DemoLimits.Title,
        ["description"] = DemoLimits.Description,
        ["note"] = DemoLimits.Note,
        ["text"] = DemoLimits.Text,
        ["vocabulary"] = DemoLimits.Vocabulary,
        ["positions"] = DemoLimits.Positions,
        ["gap"] = DemoLogits.MostGap,
    };

    private static Dictionary<string, object> Query => new()
    {
        ["names"] = RunSettings.All.Select(setting => setting.Name),
        ["joined"] = new[] { RunSettings.PromptIds.Name },
        ["columns"] = RunSettings.Columns.Name,
        ["playground"] = RunPages.Playground.Path,
        ["compare"] = RunPages.Compare.Path,
        ["longest"] = AddressGuard.Longest / 2,
        ["longestText"] = RunQuery.LongestText,
        ["leastText"] = RunQuery.LeastText,
        ["usualOthers"] = RunQuery.UsualOthers,
    };

    private object Metric(RunMetric metric) =>
        new { name = metric.Name, label = library.Label(metric), unit = library.Unit(metric), better = metric.Better.ToString().ToLowerInvariant() };

    private Dictionary<string, object> Stage(SamplingStage stage)
    {
        List<object> parameters = [.. stage.Parameters.Select(Number)], texts = [.. stage.Texts.Select(List)];
        return new Dictionary<string, object>
        {
            ["name"] = stage.Name,
            ["label"] = library.Label(stage),
            ["isTemperature"] = stage.Parameters.Contains(TemperatureStage.Temperature),
            ["parameters"] = parameters,
            ["texts"] = texts,
            ["switch"] = parameters.Concat(texts).First(),
            ["asks"] = Asks(stage).Select(ask => new { name = ask.Parameter.Name, above = ask.Above, most = ask.Most }),
        };
    }

    private object Number(NumberParameter parameter) =>
        new { name = parameter.Name, label = library.Label(parameter), neutral = parameter.Default, least = parameter.Minimum, most = parameter.Maximum };

    private object List(TextListParameter list) => new { name = list.Name, label = library.Label(list), neutral = list.Default.ToArray() };

    /// <summary>What a stage asks for beside its switch, the first of its parameters; a test holds this to what the stages say of themselves.</summary>
    private static (NumberParameter Parameter, double Above, double Most)[] Asks(SamplingStage stage) => stage switch
    {
        DynamicTemperatureStage => [(TemperatureStage.Temperature, 0, double.MaxValue)],
        XtcStage => [(XtcStage.Threshold, -1, 0.5)],
        _ => [],
    };

    private static JsonNode ReadSchema()
    {
        using var stream = typeof(OpenerRules).Assembly.GetManifestResourceStream("schema/shared-demo.json")!;
        return JsonNode.Parse(stream)!;
    }
}
