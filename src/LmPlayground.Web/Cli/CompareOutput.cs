using System.Text.Json;
using System.Text.Json.Serialization;
using LmPlayground.Generation.Metrics;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary>What <c>compare</c> writes: the texts and a table, or one JSON object a round, one a column, and one of the whole.</summary>
internal sealed class CompareOutput(IComparisonReview review, IReadOnlyList<string> names, TextWriter output, bool json)
{
    /// <summary>A text can be impossible under another strategy: the distance is then infinite, and so it is written.</summary>
    internal static readonly JsonSerializerOptions Json = new(RunJsonLines.Json) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static readonly string[] Together = ["distinct_1", "distinct_2", "self_bleu"];

    private int _rounds;

    /// <summary>Writes the rounds that are new in a snapshot.</summary>
    internal async Task ShowAsync(JobSnapshot<ComparisonDetail> snapshot)
    {
        var columns = snapshot.Detail.Columns;
        var rounds = columns.Select(column => column.Steps.Count).DefaultIfEmpty().Max();
        for (; json && _rounds < rounds; _rounds++)
        {
            await WriteLineAsync(new Round(
                _rounds, [.. columns.Select(column => _rounds < column.Steps.Count ? RunJsonLines.Record(column.Steps[_rounds]) : null)]));
        }
    }

    /// <summary>Writes what there is when the comparison has ended.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> EndAsync(ComparisonDetail detail)
    {
        if (detail.Columns.All(column => column.Error is not null))
            throw new CommandLineException(detail.Columns[0].Error!.Text);
        var distances = new Difference?[detail.Columns.Length];
        for (var column = 1; column < distances.Length; column++)
            distances[column] = await FromFirstAsync(detail, column);
        await (json ? WriteJsonAsync(detail, distances) : WriteTextAsync(detail, distances));
        await output.FlushAsync();
        return detail.Columns.Any(column => column.Error is not null) ? ExitCodes.Failure
            : detail.Columns.Any(column => column.Summary is null || column.Summary.FinishReason == FinishReason.Cancelled) ? ExitCodes.Interrupted
            : ExitCodes.Success;
    }

    private async Task WriteJsonAsync(ComparisonDetail detail, Difference?[] distances)
    {
        for (var i = 0; i < detail.Columns.Length; i++)
        {
            var column = detail.Columns[i];
            await WriteLineAsync(new Column(
                i, names[i], column.Request.Model!, column.Error?.Text, column.Summary?.FinishReason, column.Request.Seed ?? 0, TextOf(column), column.PromptTokens,
                column.Steps.Count, Metrics(column.Metrics), distances[i]));
        }

        await WriteLineAsync(new Whole(detail.FirstDifference, detail.ForwardPasses.Made, detail.Forks, Metrics(detail.MetricsTogether)));
    }

    private async Task WriteTextAsync(ComparisonDetail detail, Difference?[] distances)
    {
        for (var i = 0; i < detail.Columns.Length; i++)
            await output.WriteAsync($"[{i}] {names[i]}\n{detail.Columns[i].Error?.Text ?? TextOf(detail.Columns[i])}\n\n");

        var shown = Enumerable.Range(0, RunMetrics.All.Length).Where(metric => detail.Columns.Any(column => ValueOf(column.Metrics, metric) is not null)).ToList();
        var table = new TextTable(["column", "end", "parts at", "JS bits", "total var.", .. shown.Select(metric => RunMetrics.All[metric].Label.ToLowerInvariant())]);
        for (var i = 0; i < detail.Columns.Length; i++)
        {
            var column = detail.Columns[i];
            table.Add(
            [
                $"[{i}] {names[i]}", column.Summary?.FinishReason.Name ?? "failed", TextTable.Number(distances[i]?.Index, 0),
                TextTable.Number(distances[i]?.Sampled?.JensenShannon), TextTable.Number(distances[i]?.Sampled?.TotalVariation),
                .. shown.Select(metric => Cell(column.Metrics, metric)),
            ]);
        }

        await table.WriteAsync(output);
        var values = Enumerable.Range(0, RunMetrics.All.Length).Where(metric => Together.Contains(RunMetrics.All[metric].Name))
            .Select(metric => $"{RunMetrics.All[metric].Label.ToLowerInvariant()} {Cell(detail.MetricsTogether, metric)}");
        await output.WriteAsync($"\nAll columns together: {string.Join(", ", values)}. \"Parts at\" and the distances there are from column [0].\n");
    }

    /// <summary>Where a column parts from the first one, and how far apart the two are there; null where they agree.</summary>
    private async Task<Difference?> FromFirstAsync(ComparisonDetail detail, int column)
    {
        if (detail.Columns[column].DifferenceFromFirst is not { } index)
            return null;
        var distance = await review.DistanceAsync(0, column, index);
        return new Difference(0, index, Distance.Of(distance?.Model), Distance.Of(distance?.Sampled));
    }

    private static double? ValueOf(IReadOnlyList<double?> metrics, int metric) => metric < metrics.Count ? metrics[metric] : null;

    private static string Cell(IReadOnlyList<double?> metrics, int metric) =>
        TextTable.Number(ValueOf(metrics, metric), RunMetrics.All[metric].Name == "tokens" ? 0 : 3);

    private static string TextOf(ColumnDetail column) => column.Summary?.Text ?? string.Concat(column.Steps.Select(step => step.Released));

    private static Dictionary<string, double?> Metrics(IReadOnlyList<double?> metrics) =>
        Enumerable.Range(0, RunMetrics.All.Length).ToDictionary(metric => RunMetrics.All[metric].Name, metric => ValueOf(metrics, metric));

    private async Task WriteLineAsync<T>(T line) => await output.WriteAsync(JsonSerializer.Serialize(line, Json) + "\n");

    private sealed record Round([property: JsonPropertyName("round")] int Index, RunJsonLines.Token?[] Tokens);

    private sealed record Column(
        [property: JsonPropertyName("column")] int Index, string Name, string Model, string? Error, FinishReason? FinishReason, ulong Seed, string Text,
        int PromptTokens, int NewTokens, Dictionary<string, double?> Metrics, Difference? Difference);

    private sealed record Difference(int From, int Index, Distance? Model, Distance? Sampled);

    private sealed record Distance(double KullbackLeibler, double ReverseKullbackLeibler, double JensenShannon, double TotalVariation)
    {
        internal static Distance? Of(DistributionDistance? distance) => distance is { } value
            ? new Distance(value.KullbackLeibler, value.ReverseKullbackLeibler, value.JensenShannon, value.TotalVariation)
            : null;
    }

    private sealed record Whole(int? FirstDifference, int ForwardPasses, int Forks, Dictionary<string, double?> Metrics);
}
