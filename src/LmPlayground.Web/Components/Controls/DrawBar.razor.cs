using System.Globalization;
using System.Text;
using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The draw on the cumulative distribution: the kept tokens side by side, each as wide as its probability, and where u fell.</summary>
public partial class DrawBar
{
    /// <summary>Gaps narrower than this are rounding.</summary>
    private const double NoGap = 1e-6;

    private const string Even = "seg s0";
    private const string Odd = "seg s1";

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
    protected override void OnParametersSet() => _segments = [.. Merged(Segments())];

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
            yield return new Segment(Show.Token(candidate.Text), chosen ? "seg on" : place++ % 2 == 0 ? Even : Odd, candidate.SampledProbability);
            end += candidate.SampledProbability;
        }

        if (1 - end > NoGap)
            yield return new Segment(Words["Others"], "seg others", 1 - end);
    }

    /// <summary>Neighbours too narrow for their names are one element with a stripe for each.</summary>
    private static IEnumerable<Segment> Merged(IEnumerable<Segment> segments)
    {
        var narrow = new List<Segment>();
        foreach (var segment in segments)
        {
            if (segment.IsOneOfMany)
            {
                narrow.Add(segment);
                continue;
            }

            if (narrow.Count > 0)
                yield return Striped(narrow);
            narrow.Clear();
            yield return segment;
        }

        if (narrow.Count > 0)
            yield return Striped(narrow);
    }

    private static Segment Striped(List<Segment> narrow)
    {
        if (narrow is [var one])
            return one;
        var (width, end) = (narrow.Sum(segment => segment.Width), 0.0);
        var stripes = new StringBuilder(";--stripes:linear-gradient(90deg");
        foreach (var segment in narrow)
        {
            var start = end;
            end += segment.Width / width;
            stripes.Append(CultureInfo.InvariantCulture, $",var(--raw{(segment.Class == Even ? "" : "-2")}) {Show.Width(start)} {Show.Width(end)}");
        }

        return new Segment($"{narrow.Count} tokens", "seg stripes", width) { Stripes = stripes.Append(')').ToString() };
    }

    /// <summary>A name is shown where it fits: a character takes about a fiftieth of the bar.</summary>
    private sealed record Segment(string Text, string Class, double Width)
    {
        /// <summary>The stripes of several tokens, as a further declaration of the element's style.</summary>
        public string? Stripes { get; init; }

        public string Style => $"width:{Show.Width(Width)}{Stripes}";

        public bool IsOneOfMany => !IsWideEnough && Class is (Even or Odd);

        public bool IsWideEnough => Stripes is null && Width > 0.02 + 0.021 * Text.Length;
    }
}
