using LmPlayground.Generation.Search;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>Whether one text is sampled or several sequences are followed, and what leads them.</summary>
public partial class SearchPanel
{
    /// <summary>What a diverse search begins with: without a penalty its groups would be alike.</summary>
    private const double UsualDiversity = 1;

    private SelectOption[] Kinds =>
    [
        new("sample", Words["OneSample"], Words["OneSampleHelp"]),
        new("beams", Words["BeamSearch"], Words["BeamSearchHelp"]),
        new("best-of", Words["BestOfSeveral"], Words["BestOfSeveralHelp"]),
    ];

    private SelectOption[] Ends =>
    [
        new(TextOf(EarlyStopping.Heuristic), Words["EndHeuristic"]),
        new(TextOf(EarlyStopping.WhenFull), Words["EndFull"]),
        new(TextOf(EarlyStopping.Never), Words["EndNever"]),
    ];

    /// <summary>What was chosen.</summary>
    [Parameter, EditorRequired]
    public RunRequest State { get; set; } = null!;

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Another choice.</summary>
    [Parameter]
    public EventCallback<RunRequest> Changed { get; set; }

    private string Kind => State.Has(SearchSettings.NumBeams) ? "beams" : State.Has(SearchSettings.BestOf) ? "best-of" : "sample";

    /// <summary>The numbers of the search that was chosen, and the steps of their arrows.</summary>
    private IEnumerable<(Setting<double> Setting, string Step)> Numbers
    {
        get
        {
            if (State.Has(SearchSettings.NumBeams))
            {
                yield return (SearchSettings.NumBeams, "1");
                yield return (SearchSettings.LengthPenalty, "0.1");
                yield return (SearchSettings.NumBeamGroups, "1");
                if (State.Has(SearchSettings.NumBeamGroups))
                    yield return (SearchSettings.DiversityPenalty, "0.1");
            }

            if (State.Has(SearchSettings.BestOf))
                yield return (SearchSettings.BestOf, "1");
        }
    }

    private static string TextOf(EarlyStopping end) => SearchSettings.EarlyStopping.TextOf(end);

    private Task PickAsync(string kind) => Changed.InvokeAsync(State with
    {
        Search = State.Search with
        {
            Beams = kind is "beams" ? new BeamSearchOptions() : null,
            BestOf = kind is "best-of" ? new BestOfOptions() : null,
        },
    });

    private Task PickEndAsync(string name) => SearchSettings.EarlyStopping.TryRead(name, out var end, out _)
        ? Changed.InvokeAsync(State.With(SearchSettings.EarlyStopping, end))
        : Task.CompletedTask;

    private Task TypeNegativeAsync(ChangeEventArgs change) => Changed.InvokeAsync(change.Value is string { Length: > 0 } text
        ? State.With(SearchSettings.NegativePrompt, text)
        : State.Without(SearchSettings.NegativePrompt));

    private RunRequest With(Setting<double> setting, double value)
    {
        var changed = State.With(setting, value);
        return setting == SearchSettings.NumBeamGroups ? changed.With(SearchSettings.DiversityPenalty, Diversity(value)) : changed;
    }

    /// <summary>Settings that do not fit each other are refused in the library's own words.</summary>
    private static string? ProblemOf(RunRequest changed)
    {
        try
        {
            changed.Search.Validate();
            return null;
        }
        catch (SettingException error)
        {
            return error.Message;
        }
    }

    private static double DefaultOf(Setting<double> setting) =>
        setting == SearchSettings.NumBeams ? new BeamSearchOptions().NumBeams
        : setting == SearchSettings.BestOf ? new BestOfOptions().Count
        : setting.Default;

    private double Diversity(double groups) => groups <= 1 ? 0
        : State.Get(SearchSettings.DiversityPenalty) is > 0 and var chosen ? chosen
        : UsualDiversity;
}
