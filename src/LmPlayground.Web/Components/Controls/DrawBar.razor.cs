using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The draw on the cumulative distribution: the kept tokens side by side, each as wide as its probability, and where u fell.</summary>
public partial class DrawBar
{
    /// <summary>Gaps narrower than this are rounding.</summary>
    private const double NoGap = 1e-6;

    private IReadOnlyList<Segment> _segments = [];

    /// <summary>The step.</summary>
    [Parameter, EditorRequired]
    public TokenStep Step { get; set; } = null!;

    private string U => Step.Draw.U.ToString("0.000", CultureInfo.InvariantCulture);

    private int ChosenId => Step.IsForced ? Step.Id : Step.Draw.Id;

    private string Description => Step.IsForced
        ? Words["SearchChose", Show.Token(Step.Display), Show.Detail(Step.SampledProbability)]
        : Words["DrawFalls", U, Show.Token(Step.Display), Show.Detail(Step.Draw.Low), Show.Detail(Step.Draw.High)];

    /// <inheritdoc/>
    protected override void OnParametersSet() => _segments = [.. Segments()];

    private IEnumerable<Segment> Segments()
    {
        var kept = Step.Top.Where(candidate => candidate.SampledProbability > 0)
            .OrderByDescending(candidate => candidate.SampledProbability).ThenBy(candidate => candidate.Id);
        var (end, place) = (0.0, 0);
        foreach (var candidate in kept)
        {
            // The drawn token's place is known exactly; tokens that the table does not list may lie before it.
            if (!Step.IsForced && candidate.Id == Step.Draw.Id && Step.Draw.Low - end > NoGap)
            {
                yield return new Segment(Words["Others"], "seg others", Step.Draw.Low - end);
                end = Step.Draw.Low;
            }

            var chosen = candidate.Id == ChosenId;
            yield return new Segment(Show.Token(candidate.Text), chosen ? "seg on" : $"seg s{place++ % 2}", candidate.SampledProbability);
            end += candidate.SampledProbability;
        }

        if (1 - end > NoGap)
            yield return new Segment(Words["Others"], "seg others", 1 - end);
    }

    /// <summary>A name is shown where it fits: a character takes about a fiftieth of the bar.</summary>
    private sealed record Segment(string Text, string Class, double Width)
    {
        public bool IsWideEnough => Width > 0.02 + 0.021 * Text.Length;
    }
}
