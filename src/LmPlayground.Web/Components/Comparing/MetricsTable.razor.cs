using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Metrics;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Comparing;

/// <summary>The columns in numbers: their texts' metrics, and how far their distributions of the selected token are apart.</summary>
public partial class MetricsTable
{
    private const string Undefined = "–";

    /// <summary>What the columns are called.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<string> Titles { get; set; } = [];

    /// <summary>The columns.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<ColumnDetail> Columns { get; set; } = [];

    /// <summary>The index of the selected token.</summary>
    [Parameter]
    public int Token { get; set; }

    /// <summary>How far each column is from the first one at the selected token; empty until that is known.</summary>
    [Parameter]
    public ImmutableArray<ColumnDistance?> Distances { get; set; } = [];

    /// <summary>Each column's draws laid over the theory; empty until they were asked for.</summary>
    [Parameter]
    public ImmutableArray<EmpiricalCheck?> Checks { get; set; } = [];

    /// <summary>Whether the comparison goes on.</summary>
    [Parameter]
    public bool IsRunning { get; set; }

    /// <summary>Whether any column has the selected token.</summary>
    [Parameter]
    public bool CanCheck { get; set; }

    /// <summary>The draws are to be made.</summary>
    [Parameter]
    public EventCallback CheckAsked { get; set; }

    private bool HaveSameTokensBefore => Distances.Any(distance => distance is not null) && Distances.All(distance => distance is null or { HaveSameTokensBefore: true });

    private string TokenTitle => Words[HaveSameTokensBefore ? "AtTokenSame" : "AtToken", Show.Count(Token + 1)];

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "∞" : value.ToString(value >= 100 ? "0.0" : "0.000", CultureInfo.InvariantCulture);

    private TokenStep? StepOf(ColumnDetail column) => Token < column.Steps.Count ? column.Steps[Token] : null;

    private IEnumerable<Row> Rows()
    {
        for (var i = 0; i < RunMetrics.All.Length; i++)
        {
            var metric = RunMetrics.All[i];
            double?[] values = [.. Columns.Select(column => i < column.Metrics.Length ? column.Metrics[i] : null)];

            // A metric of several runs together has no value for one column.
            if (metric.Name == "self_bleu")
                continue;
            var direction = DirectionOf(metric.Better);
            string[] notes = [Library.Unit(metric), direction];
            yield return new Row(
                metric.Name, Library.Label(metric), string.Join(", ", notes.Where(note => note.Length > 0)),
                $"{Library.Help(metric)} {Words[metric.Better switch { MetricDirection.Higher => "HigherSentence", MetricDirection.Lower => "LowerSentence", _ => "NeitherSentence" }]}",
                [.. values.Select(value => Cell(metric, values, value))]);
        }
    }

    private string DirectionOf(MetricDirection better) => better switch
    {
        MetricDirection.Higher => Words["Higher"],
        MetricDirection.Lower => Words["Lower"],
        _ => "",
    };

    private static Cell Cell(RunMetric metric, double?[] values, double? value)
    {
        var best = metric.Better switch { MetricDirection.Higher => values.Max(), MetricDirection.Lower => values.Min(), _ => null };
        var differ = values.Distinct().Count() > 1;
        return new Cell(value is { } number ? metric.Name == "tokens" ? number.ToString("0", CultureInfo.InvariantCulture) : Number(number) : Undefined, differ && value is not null && value == best);
    }

    private IEnumerable<Row> DistanceRows()
    {
        yield return Distance("js", Words["JensenShannon"], Words["BitsToOne"], distance => distance.JensenShannon);
        yield return Distance("tv", Words["TotalVariation"], Words["ToOne"], distance => distance.TotalVariation);
        yield return Distance("kl", Words["KullbackLeibler"], Words["InBits"], distance => distance.KullbackLeibler);
        yield return Distance("kl-reverse", Words["ReverseKullbackLeibler"], Words["InBits"], distance => distance.ReverseKullbackLeibler);
    }

    private Row Distance(string name, string label, string unit, Func<DistributionDistance, double> number) => new(
        name, label, unit, Terms.Explain(name),
        [.. Columns.Select((_, column) => new Cell(column < Distances.Length && Distances[column] is { } distance ? Number(number(distance.Sampled)) : Undefined, false))]);

    private string CheckText(int column) => column < Checks.Length && Checks[column] is { } check
        ? string.Create(CultureInfo.InvariantCulture, $"χ² {check.Test.Statistic:0.0}, {check.Test.DegreesOfFreedom} df: p {check.Test.PValue:0.00}")
        : Undefined;

    private sealed record Row(string Name, string Label, string Unit, string Help, ImmutableArray<Cell> Cells);
}

/// <summary>One number of the table.</summary>
/// <param name="Text">The number.</param>
/// <param name="IsBest">Whether no other column has a better one.</param>
internal sealed record Cell(string Text, bool IsBest);
