using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using LmPlayground.Generation;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>What js/demo.js shows of each token, in columns: numbers, and places in a list of texts in which each text stands once.</summary>
/// <param name="panel">What the token's panel says.</param>
/// <param name="controls">What the stages say.</param>
/// <param name="library">What the libraries say.</param>
internal sealed class DemoData(IStringLocalizer<PanelTexts> panel, IStringLocalizer<ControlTexts> controls, LibraryWords library)
{
    /// <summary>Nothing in it can be taken for markup: "&lt;", "&gt;" and "&amp;" are escaped.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly Dictionary<string, int> _places = [];
    private readonly List<string> _texts = [];

    /// <summary>The data of a demo's page, as JSON.</summary>
    internal string Of(DemoView view)
    {
        var runs = view.Runs.Select(Of).ToList();
        var data = new Dictionary<string, object>
        {
            ["count"] = view.Count,
            ["rate"] = view.Runs.Select(run => run.Run.Usage.TokensPerSecond).DefaultIfEmpty(0).First(),
            ["others"] = controls["Others"].Value,
            ["otherTokens"] = controls["OtherTokens", "{0}"].Value,
            ["title"] = panel["TokenOf", "{0}", "{1}"].Value,
            ["runs"] = runs,
            ["texts"] = _texts,
        };
        return JsonSerializer.Serialize(data, Json);
    }

    private Dictionary<string, object> Of(DemoRunView run)
    {
        var steps = run.Steps;
        ImmutableArray<string> stages = [.. DemoWording.StagesOf(run).Select(stage => stage.Name)];
        return new Dictionary<string, object>
        {
            ["token"] = Column(steps, step => Place(Show.Token(step.Display))),
            ["id"] = Column(steps, step => step.Id),
            ["after"] = Column(steps, step => Place(Show.Detail(step.SampledProbability))),
            ["model"] = Column(steps, step => Place(Show.Detail(step.Probability))),
            ["rank"] = Column(steps, step => Place(Show.Ordinal(step.Rank))),
            ["bits"] = Column(steps, step => Place(Show.Bits(step.Surprisal))),
            ["entropy"] = Column(steps, step => Place(Show.Bits(step.Entropy))),
            ["how"] = Column(steps, step => Place(DemoWording.How(run, step, panel))),
            ["u"] = Column(steps, step => step.IsForced ? -1 : Round(step.Draw.U, 7)),
            ["low"] = Column(steps, step => Round(step.Draw.Low, 7)),
            ["drawn"] = Column(steps, step => step.IsForced ? step.Id : step.Draw.Id),
            ["listed"] = Column(steps, step => step.Top.Length),
            ["ids"] = All(steps, step => step.Top.Select(candidate => (double)candidate.Id)),
            ["names"] = All(steps, step => step.Top.Select(candidate => (double)Place(Show.Token(candidate.Text)))),
            ["ranks"] = All(steps, step => step.Top.Select((candidate, place) => (double)(candidate.Rank - place))),
            ["shares"] = All(steps, step => step.Top.Select(candidate => Share(candidate.Probability, 5))),
            ["sampled"] = All(steps, step => step.Top.Select(candidate => Share(candidate.SampledProbability, 7))),
            ["removed"] = All(steps, step => step.Top.Select(candidate => Removed(run, candidate.RemovedBy))),
            ["rest"] = Column(steps, step => step.Others.Count),
            ["restShare"] = Column(steps, step => Share(step.Others.Probability, 5)),
            ["restSampled"] = Column(steps, step => Share(step.Others.SampledProbability, 5)),
            ["restRemoved"] = Column(steps, step => Removed(run, step.Others.KeptCount == 0 ? step.Others.RemovedBy : null)),
            ["stages"] = stages,
            ["did"] = All(steps, step => stages.SelectMany(stage => Stage(run, step, stage))),
        };
    }

    /// <summary>Five numbers of each stage: its words, whether they warn (1) or it did nothing (2), what is left, its entropy, and the mass.</summary>
    private IEnumerable<double> Stage(DemoRunView run, TokenStep step, string name)
    {
        var mass = 1.0;
        foreach (var did in step.Stages)
        {
            mass *= 1 - did.RemovedMass;
            if (did.Stage != name)
                continue;
            var effect = StageEffect.Of(Sampling.Stages.SamplingStages.Find(name)!, run.Options, did, controls, library);
            return [Place(effect.Text), effect.IsWarning ? 1 : effect.IsInert ? 2 : 0, Place(Show.Count(did.Kept)), Place(controls["Bits", Show.Bits(did.EntropyAfter)]), Round(mass, 4)];
        }

        var idle = StageEffect.Of(Sampling.Stages.SamplingStages.Find(name)!, run.Options, null, controls, library);
        return [Place(idle.Text), idle.IsWarning ? 1 : idle.IsInert ? 2 : 0, Place(""), Place(""), 0];
    }

    private double Removed(DemoRunView run, string? stage) => stage is null ? -1 : Place(library.Removal(stage, run.Options.Temperature));

    private int Place(string text)
    {
        if (!_places.TryGetValue(text, out var place))
        {
            _places[text] = place = _texts.Count;
            _texts.Add(text);
        }

        return place;
    }

    private static double[] Column(ImmutableArray<TokenStep> steps, Func<TokenStep, double> of) => [.. steps.Select(of)];

    private static double[] All(ImmutableArray<TokenStep> steps, Func<TokenStep, IEnumerable<double>> of) => [.. steps.SelectMany(of)];

    /// <summary>A share with as few digits as show the same in a table's cell: what is rounded twice may be rounded to another side.</summary>
    private static double Share(double share, int digits) =>
        Round(share, digits) is var few && Show.Cell(few) == Show.Cell(share) ? few : Round(share, 12) is var many && Show.Cell(many) == Show.Cell(share) ? many : share;

    private static double Round(double value, int digits) => double.IsFinite(value) ? Math.Round(value, digits) : 0;
}
