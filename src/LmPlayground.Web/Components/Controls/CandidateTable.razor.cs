using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The alternatives of one step: the likeliest tokens, the one that was chosen whatever its rank, and all others in one row.</summary>
public partial class CandidateTable
{
    private double _widest = 1;
    private (TokenStep? Step, double Temperature, bool AllColumns, int Limit) _rendered;

    /// <summary>The step.</summary>
    [Parameter, EditorRequired]
    public TokenStep Step { get; set; } = null!;

    /// <summary>The temperature in use: at 0 what it removes is called greedy.</summary>
    [Parameter]
    public double Temperature { get; set; } = 1;

    /// <summary>Whether rank, id, logit and cumulative mass are shown too.</summary>
    [Parameter]
    public bool AllColumns { get; set; }

    /// <summary>How many of the likeliest tokens are shown; the chosen one always is.</summary>
    [Parameter]
    public int Limit { get; set; } = int.MaxValue;

    private (TokenStep? Step, double Temperature, bool AllColumns, int Limit) Current => (Step, Temperature, AllColumns, Limit);

    /// <inheritdoc/>
    protected override void OnParametersSet() =>
        _widest = Step.Top.Aggregate(0.0, (widest, candidate) => Math.Max(widest, Math.Max(candidate.Probability, candidate.SampledProbability)));

    /// <inheritdoc/>
    protected override bool ShouldRender() => Current != _rendered;

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender) => _rendered = Current;

    private IEnumerable<(TokenCandidate Candidate, bool IsAfterGap)> Rows()
    {
        var rank = 0;
        for (var i = 0; i < Step.Top.Length; i++)
        {
            var candidate = Step.Top[i];
            if (i >= Limit && candidate.Id != Step.Id)
                continue;
            yield return (candidate, candidate.Rank > rank + 1);
            rank = candidate.Rank;
        }
    }

    /// <summary>The stage that removed all others, or null.</summary>
    private string? RemovedOthers => Step.Others.KeptCount == 0 ? Step.Others.RemovedBy : null;

    private string Sampled(string? removedBy, double probability) =>
        removedBy is null ? Show.Cell(probability) : Library.Removal(removedBy, Temperature);

    private static string After(string? removedBy) => removedBy is null ? "after" : "after removal";

    /// <summary>The lengths of a row's bars: shares of the longest one.</summary>
    private string Bars(TokenCandidate candidate) =>
        string.Create(CultureInfo.InvariantCulture, $"--model:{Share(candidate.Probability):0.####};--sampled:{Share(candidate.SampledProbability):0.####}");

    private double Share(double probability) => _widest > 0 ? Math.Clamp(probability / _widest, 0, 1) : 0;

    private string Class(TokenCandidate candidate) =>
        candidate.Id == Step.Id ? "chosen" : candidate.RemovedBy is not null ? "cut" : "";
}
