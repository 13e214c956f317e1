using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>The chain, from all tokens to the one that is drawn: each stage with its controls and what it did at the selected step.</summary>
public partial class SamplerPanel
{
    private readonly HashSet<string> _added = [];
    private string? _picked;
    private ImmutableArray<SamplingStage> _shown = [];

    /// <summary>What the user has decided.</summary>
    [Parameter, EditorRequired]
    public RunRequest State { get; set; } = null!;

    /// <summary>The settings in use: the model's defaults and what was decided.</summary>
    [Parameter, EditorRequired]
    public SamplingOptions Options { get; set; } = null!;

    /// <summary>The model's defaults.</summary>
    [Parameter, EditorRequired]
    public SamplingOptions Defaults { get; set; } = null!;

    /// <summary>What stands above it.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>Whether it has seed, search and stop criteria too; a column of a comparison shares these with the others.</summary>
    [Parameter]
    public bool IsWhole { get; set; } = true;

    /// <summary>The selected step as the settings in use sample it, or null.</summary>
    [Parameter]
    public TokenStep? Step { get; set; }

    /// <summary>The seed of the run, or null before it.</summary>
    [Parameter]
    public ulong? DrawnSeed { get; set; }

    /// <summary>Whether that seed comes from the address, and the next run has it.</summary>
    [Parameter]
    public bool IsSeedOfAddress { get; set; }

    /// <summary>The model's context length, or null.</summary>
    [Parameter]
    public int? ContextLength { get; set; }

    /// <summary>Whether the model fills gaps: nothing then decides when to stop.</summary>
    [Parameter]
    public bool IsMasked { get; set; }

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>What is to be said of a stage, or null.</summary>
    [Parameter]
    public Func<SamplingStage, string?>? NoteOf { get; set; }

    /// <summary>Whether the sheet is open on a narrow page.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>Another state.</summary>
    [Parameter]
    public EventCallback<RunRequest> Changed { get; set; }

    /// <summary>The sheet is to be closed.</summary>
    [Parameter]
    public EventCallback Closed { get; set; }

    private string OrderName => OrderPresets.NameOf(Options.Order, _picked);

    /// <summary>The presets; an order that is none of them can be seen and not be asked for.</summary>
    private IReadOnlyList<SelectOption> Orders =>
    [
        .. OrderPresets.All.Select(preset => new SelectOption(preset.Name, preset.Name, PageWords[preset.Help])),
        .. OrderName == OrderPresets.Custom
            ? [new SelectOption(OrderPresets.Custom, Words["CustomOrder"], PageWords[OrderPresets.HelpOf(OrderPresets.Custom)])]
            : (IEnumerable<SelectOption>)[],
    ];

    /// <summary>Whether the token stood in the text and was asked for, not drawn.</summary>
    [Parameter]
    public bool IsGiven { get; set; }

    private string DrawText => Step is not { } step ? Words["TheDrawOf"]
        : step.IsForced ? Words["ChosenBySearch"]
        : IsGiven ? Words["GivenByText"]
        : Options.Temperature == 0 ? Words["GreedyLikeliest"]
        : Words["ChosenWith", step.Draw.U.ToString("0.000", CultureInfo.InvariantCulture)];

    private static int Vocabulary(TokenStep step) => step.Top.Length + step.Others.Count;

    /// <inheritdoc/>
    protected override void OnParametersSet() =>
        _shown = [.. Options.Order.Stages.Select(SamplingStages.Find).OfType<SamplingStage>().Where(IsShown)];

    /// <summary>The usual controls are always there; the others once they are on, or were asked for.</summary>
    private bool IsShown(SamplingStage stage) =>
        !stage.IsAdvanced || stage.IsOn(Options) || _added.Contains(stage.Name);

    private Task AddAsync(SamplingStage stage)
    {
        _added.Add(stage.Name);
        return Changed.InvokeAsync(State with { Order = State.Order.Including(stage.Name) });
    }

    /// <summary>Switches a stage off and takes it out of sight, and out of an order that is nobody's preset: there it stands only since it was added.</summary>
    private Task RemoveAsync(SamplingStage stage)
    {
        _added.Remove(stage.Name);
        var order = OrderPresets.NameOf(State.Order, null) == OrderPresets.Custom ? new StageOrder([.. State.Order.Stages.Remove(stage.Name)]) : State.Order;
        var changed = stage.Parameters.Aggregate(State with { Order = order }, (state, parameter) => state.With(parameter, parameter.Default, Defaults));
        return Changed.InvokeAsync(stage.Texts.Aggregate(changed, (state, texts) => state.Without(StageSettings.Of(texts))));
    }

    /// <summary>Moves a stage past its neighbour in sight: -1 runs it earlier, 1 later.</summary>
    private Task MoveAsync(SamplingStage stage, int direction)
    {
        var neighbour = _shown.IndexOf(stage) + direction;
        return neighbour < 0 || neighbour >= _shown.Length
            ? Task.CompletedTask
            : Changed.InvokeAsync(State with { Order = Options.Order.Moving(stage.Name, _shown[neighbour].Name) });
    }

    private IEnumerable<(SamplingStage Stage, StageTrace? Trace, double Mass)> Rows()
    {
        var mass = 1.0;
        foreach (var stage in _shown)
        {
            StageTrace? trace = null;
            foreach (var did in Step?.Stages ?? [])
            {
                if (did.Stage == stage.Name)
                    (trace, mass) = (did, mass * (1 - did.RemovedMass));
            }

            yield return (stage, trace, mass);
        }
    }

    private Task PickOrderAsync(string name)
    {
        _picked = name;
        return OrderPresets.Find(_picked) is { } order ? Changed.InvokeAsync(State with { Order = order }) : Task.CompletedTask;
    }
}
