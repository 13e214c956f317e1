using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Runs;
using LmPlayground.Web.Access;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>A shared demo as a document: text, token and chain of one run, or the columns of a comparison, and what is known of all.</summary>
public partial class DemoDocument
{
    /// <summary>The demo.</summary>
    [Parameter, EditorRequired]
    public DemoView View { get; set; } = null!;

    /// <summary>What stands around it.</summary>
    [Parameter, EditorRequired]
    public DemoShell Shell { get; set; } = null!;

    /// <summary>The token that is selected first, from 0.</summary>
    [Parameter]
    public int Token { get; set; }

    private int Selected => Math.Clamp(Token, 0, Math.Max(0, View.Count - 1));

    private DemoRunView Run => View.Runs[0];

    private TokenStep? Step => Selected < Run.Steps.Length ? Run.Steps[Selected] : null;

    private string TokenTitle => Step is null ? PanelWords["Token"] : PanelWords["TokenOf", Show.Count(Selected + 1), Show.Count(Run.Steps.Length)];

    /// <summary>What a chat program shows of it.</summary>
    private string Summary => View.Description.Length > 0 ? View.Description : string.Concat(Run.Prompt, Unmasked.Of(Run.Run.Text));

    private string CutNote => string.Join(' ', new[]
    {
        View.Runs.Sum(run => run.HiddenTokens) is var tokens and > 0 ? Words["MoreTokens", Show.Count(tokens)].Value : "",
        View.Hidden > 0 ? Words["MoreColumns", Show.Count(View.Hidden)].Value : "",
        View.Branches > 0 ? Words["MoreBranches", Show.Count(View.Branches)].Value : "",
    }.Where(part => part.Length > 0));

    /// <summary>What the columns are called.</summary>
    private ImmutableArray<string> Titles => DemoWording.TitlesOf(View, StateWords);

    /// <summary>The playground's address of the same request; null where an address cannot hold its texts.</summary>
    private string? ForkAddress
    {
        get
        {
            var query = RunQuery.Write(View.Demo.Request with { Task = null });
            var page = View.IsComparison ? RunPages.Compare.Path : RunPages.Playground.Path;
            var fits = query.Length <= AddressGuard.Longest / 2 && RunQuery.Read(query).References.IsEmpty;
            return fits ? page + query : null;
        }
    }
}
