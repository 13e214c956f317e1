using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Metrics;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary>What <c>compare</c> writes: the texts and a table, or one JSON object a round, one a column, and one of the whole.</summary>
internal sealed class CompareOutput(ComparisonRun run, ImmutableArray<string> names, TextWriter output)
{
    /// <summary>A text can be impossible under another strategy: the distance is then infinite, and so it is written.</summary>
    internal static readonly JsonSerializerOptions Json = new(GenerateOutput.Json) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    internal async Task<int> WriteAsync(bool json, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var round in run.WithCancellation(cancellationToken))
            {
                if (json)
                    await WriteLineAsync(new Round(round.Index, [.. round.Steps.Select(step => step is null ? null : GenerateOutput.Record(step))]));
            }
        }
        catch (OperationCanceledException)
        {
            // Interrupted: what is there is shown.
        }

        if (run.Columns.All(column => column.Error is not null))
            ExceptionDispatchInfo.Throw(run.Columns[0].Error!);
        await (json ? WriteJsonAsync() : WriteTextAsync());
        await output.FlushAsync(CancellationToken.None);
        return run.Columns.Any(column => column.Error is not null) ? ExitCodes.Failure
            : run.Columns.Any(column => column.Summary!.FinishReason == FinishReason.Cancelled) ? ExitCodes.Interrupted
            : ExitCodes.Success;
    }

    private async Task WriteJsonAsync()
    {
        foreach (var column in run.Columns)
        {
            await WriteLineAsync(new Column(
                column.Index, names[column.Index], column.Request.Model.Card.Id, column.Error?.Message, column.Summary?.FinishReason, column.Request.Seed,
                TextOf(column), column.Request.PromptIds.Length, column.Steps.Count, Metrics(column.Measured), FromFirst(column)));
        }

        await WriteLineAsync(new Whole(run.FirstDifference, run.ForwardPasses, run.Forks, Metrics([.. run.Columns.Select(column => column.Measured)])));
    }

    private async Task WriteTextAsync()
    {
        foreach (var column in run.Columns)
            await output.WriteAsync($"[{column.Index}] {names[column.Index]}\n{column.Error?.Message ?? TextOf(column)}\n\n");

        var shown = RunMetrics.All.Where(metric => run.Columns.Any(column => metric.Of([column.Measured]) is not null)).ToList();
        var table = new TextTable(["column", "end", "parts at", "JS bits", "total var.", .. shown.Select(metric => metric.Label.ToLowerInvariant())]);
        foreach (var column in run.Columns)
        {
            var distance = FromFirst(column);
            table.Add(
            [
                $"[{column.Index}] {names[column.Index]}", EndOf(column), TextTable.Number(distance?.Index, 0),
                TextTable.Number(distance?.Sampled?.JensenShannon), TextTable.Number(distance?.Sampled?.TotalVariation),
                .. shown.Select(metric => Cell(metric, [column.Measured])),
            ]);
        }

        await table.WriteAsync(output);
        var all = run.Columns.Select(column => column.Measured).ToArray();
        string[] together = ["distinct_1", "distinct_2", "self_bleu"];
        var values = together.Select(RunMetrics.Find).OfType<RunMetric>().Select(metric => $"{metric.Label.ToLowerInvariant()} {Cell(metric, all)}");
        await output.WriteAsync($"\nAll columns together: {string.Join(", ", values)}. \"Parts at\" and the distances there are from column [0].\n");
    }

    /// <summary>Where a column parts from the first one, and how far apart the two are there; null where they agree.</summary>
    private Difference? FromFirst(ComparisonColumn column)
    {
        if (column.Index == 0 || run.DifferenceOf(column.Index, 0) is not { } index)
            return null;
        var distance = run.Distance(0, column.Index, index);
        return new Difference(0, index, Distance.Of(distance?.Model), Distance.Of(distance?.Sampled));
    }

    private static string Cell(RunMetric metric, IReadOnlyList<MeasuredRun> runs) =>
        TextTable.Number(metric.Of(runs), metric.Name == "tokens" ? 0 : 3);

    private static string EndOf(ComparisonColumn column) => column.Summary is { } summary
        ? JsonNamingPolicy.SnakeCaseLower.ConvertName(summary.FinishReason.ToString())
        : "failed";

    private static string TextOf(ComparisonColumn column) => column.Summary?.Text ?? string.Concat(column.Steps.Select(step => step.Released));

    private static Dictionary<string, double?> Metrics(params IReadOnlyList<MeasuredRun> runs) =>
        RunMetrics.All.ToDictionary(metric => metric.Name, metric => metric.Of(runs));

    private async Task WriteLineAsync<T>(T line) => await output.WriteAsync(JsonSerializer.Serialize(line, Json) + "\n");

    private sealed record Round([property: JsonPropertyName("round")] int Index, GenerateOutput.Token?[] Tokens);

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
