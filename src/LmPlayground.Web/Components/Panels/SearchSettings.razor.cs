using LmPlayground.Generation.Search;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>Whether one text is sampled or several sequences are followed, and what leads them.</summary>
public partial class SearchSettings
{
    /// <summary>What a diverse search begins with: without a penalty its groups would be alike.</summary>
    private const double UsualDiversity = 1;

    /// <summary>The strategy.</summary>
    [Parameter, EditorRequired]
    public SearchStrategy Search { get; set; } = null!;

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Another strategy.</summary>
    [Parameter]
    public EventCallback<SearchStrategy> Changed { get; set; }

    /// <summary>Why what was typed could not be taken as it stood.</summary>
    [Parameter]
    public EventCallback<string> Noticed { get; set; }

    private string Kind => Search switch { { Beams: not null } => "beams", { BestOf: not null } => "best-of", _ => "sample" };

    private static BeamSearchOptions Grouped(BeamSearchOptions beams, int groups) => beams with
    {
        NumBeamGroups = groups,
        DiversityPenalty = groups <= 1 ? 0 : beams.DiversityPenalty > 0 ? beams.DiversityPenalty : UsualDiversity,
    };

    private static string? Typed(ChangeEventArgs change) => change.Value is string { Length: > 0 } text ? text : null;

    private Task PickAsync(ChangeEventArgs change) => Changed.InvokeAsync(Search with
    {
        Beams = change.Value is "beams" ? new BeamSearchOptions() : null,
        BestOf = change.Value is "best-of" ? new BestOfOptions() : null,
    });

    private Task PickEndAsync(ChangeEventArgs change) => ChangeAsync(Search.Beams! with
    {
        EarlyStopping = Enum.GetValues<EarlyStopping>().First(value => SearchAddress.Text(value) == change.Value as string),
    });

    private Task ChangeAsync(BeamSearchOptions beams) => CheckAsync(Search with { Beams = beams });

    /// <summary>Settings that do not fit each other are refused in the library's own words.</summary>
    private async Task CheckAsync(SearchStrategy changed)
    {
        try
        {
            changed.Validate();
        }
        catch (ArgumentException error)
        {
            await Noticed.InvokeAsync(error.Message);
            return;
        }

        await Changed.InvokeAsync(changed);
    }
}
