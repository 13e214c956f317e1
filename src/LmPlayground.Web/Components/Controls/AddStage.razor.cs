using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The stages that are not in sight, to be added to the chain.</summary>
public partial class AddStage
{
    /// <summary>The stages that are in sight.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<SamplingStage> Shown { get; set; }

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>The stage that was picked.</summary>
    [Parameter]
    public EventCallback<SamplingStage> Added { get; set; }

    private IGrouping<StageGroup, SamplingStage>[] Groups =>
        [.. SamplingStages.All.Where(stage => !Shown.Contains(stage)).GroupBy(stage => stage.Group)];

    private string HelpOf(SamplingStage stage) =>
        stage.Parameters is [var main, ..] ? Library.Help(main) : Library.Help(stage.Texts[0]);
}
