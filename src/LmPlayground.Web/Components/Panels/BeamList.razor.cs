using System.Collections.Immutable;
using LmPlayground.Generation.Search;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>The sequences that a search follows, best first: what all share once, and where each went its own way.</summary>
public partial class BeamList
{
    private const int MostRows = 16;

    /// <summary>A beginning that is shorter than this is shown in each row.</summary>
    private const int LeastShared = 4;

    /// <summary>The search.</summary>
    [Parameter, EditorRequired]
    public BeamsView View { get; set; } = null!;

    /// <summary>Whether it goes on.</summary>
    [Parameter]
    public bool IsRunning { get; set; }

    /// <summary>Whether the sequences are samples, each of a seed of its own.</summary>
    [Parameter]
    public bool AreSamples { get; set; }

    private ImmutableArray<Row> Rows { get; set; } = [];

    private ImmutableArray<int> Shared { get; set; } = [];

    private int Hidden { get; set; }

    private bool HasGroups { get; set; }

    private string Title => View.Step.IsLast
        ? Count("SearchFound", View.Step.Finished.Length)
        : Words[IsRunning ? "SearchGoesOn" : "SearchStopped", Count("LiveSequences", View.Step.Live.Length), Count("FinishedOnes", View.Step.Finished.Length)];

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var step = View.Step;
        var finished = step.Finished.Select(beam => new Row(beam, step.IsLast && beam == step.Returned[0]));
        var live = step.IsLast ? [] : step.Live.OrderByDescending(beam => beam.Score).Select(beam => new Row(beam, false));
        ImmutableArray<Row> all = [.. live, .. finished];
        Rows = [.. all.Take(MostRows)];
        Hidden = all.Length - Rows.Length;
        HasGroups = all.Any(row => row.Beam.Group > 0);
        var shared = Rows.Length < 2 ? [] : Rows.Select(row => row.Beam.Ids).Aggregate(CommonStart);
        Shared = shared.Length < LeastShared ? [] : shared;
    }

    private string Count(string name, int count) => Words.Plural(name, count, Show.Count(count));

    private static ImmutableArray<int> CommonStart(ImmutableArray<int> one, ImmutableArray<int> other) =>
        one[..one.AsSpan().CommonPrefixLength(other.AsSpan())];

    private string Note(Row row)
    {
        var group = HasGroups ? Words[AreSamples ? "SampleNumber" : "GroupNumber", row.Beam.Group + 1].Value : "";
        var reason = row.Beam.FinishReason is { } why ? Library.Label(why) : "";
        return string.Join(" · ", new[] { row.IsChosen ? Words["ShownAbove"].Value : "", reason, group }.Where(part => part.Length > 0));
    }

    private sealed record Row(Beam Beam, bool IsChosen);
}
