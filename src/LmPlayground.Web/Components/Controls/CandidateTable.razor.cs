using LmPlayground.Generation;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The alternatives of one step: the likeliest tokens, the one that was chosen whatever its rank, and all others in one row.</summary>
public partial class CandidateTable
{
    private double _widest = 1;
    private TokenStep? _rendered;
    private TokenStep? _current;

    /// <summary>The step.</summary>
    [Parameter, EditorRequired]
    public TokenStep Step { get; set; } = null!;

    /// <summary>The temperature in use: at 0 what it removes is called greedy.</summary>
    [Parameter]
    public double Temperature { get; set; } = 1;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _current = Step;
        _widest = Step.Top.Aggregate(0.0, (widest, candidate) => Math.Max(widest, Math.Max(candidate.Probability, candidate.SampledProbability)));
    }

    /// <inheritdoc/>
    protected override bool ShouldRender() => !ReferenceEquals(_rendered, _current);

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender) => _rendered = _current;

    private string Bar(double probability) => Show.Width(_widest > 0 ? probability / _widest : 0);

    private string Class(TokenCandidate candidate) =>
        candidate.Id == Step.Id ? "chosen" : candidate.RemovedBy is not null ? "cut" : "";
}
