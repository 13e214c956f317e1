using System.Collections.Immutable;
using System.Diagnostics;
using LmPlayground.Benchmarks.Reporting;
using LmPlayground.Generation;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Inspection;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Benchmarks.Compare;

/// <summary>
/// n columns that agree to the end against n lone runs of the same requests, and n columns that part at their first token; in turns, and
/// which goes first changes from round to round. Then a million draws of one token against the theory.
/// </summary>
internal static class CompareBenchmark
{
    private const int PromptTokens = 16;
    private const int DefaultTokens = 64;
    private const int DefaultRounds = 10;
    private const int WarmUpRounds = 2;

    private static readonly ImmutableArray<int> Counts = [2, 4, 8];

    internal static async Task RunAsync(BenchmarkContext context)
    {
        using var catalog = context.OpenCatalog();
        var model = await context.LoadAsync(catalog);
        var tokens = context.Tokens ?? DefaultTokens;
        if (PromptTokens + tokens >= (model.Card.ContextLength ?? int.MaxValue))
            throw new BenchmarkException($"The context of {model.Card.Name} has no room for {PromptTokens} tokens of prompt and {tokens} more: give fewer with --tokens.");

        using var engine = new GenerationEngine();
        var table = new Table("columns", "agreeing, ms", "lone runs, ms", "lone / agreeing", "parting, ms", "lone / parting");
        var results = new List<(string, string)>();
        foreach (var count in Counts)
        {
            var agreeing = Columns(model, tokens, count, agree: true);
            var parting = Columns(model, tokens, count, agree: false);
            Samples together = new(), alone = new(), apart = new();
            var rounds = context.Rounds ?? DefaultRounds;
            for (var round = -Math.Min(WarmUpRounds, rounds); round < rounds; round++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                var times = new double[3];
                foreach (var turn in round % 2 == 0 ? [0, 1, 2] : (int[])[2, 1, 0])
                {
                    times[turn] = turn switch
                    {
                        0 => await TimeAsync(() => CompareAsync(engine, agreeing)),
                        1 => await TimeAsync(() => RunAloneAsync(engine, agreeing)),
                        _ => await TimeAsync(() => CompareAsync(engine, parting)),
                    };
                }

                if (round < 0)
                    continue;
                together.Add(times[0]);
                alone.Add(times[1]);
                apart.Add(times[2]);
            }

            table.Add(
                Table.Number(count), Table.Number(together.Median, 1), Table.Number(alone.Median, 1), Table.Number(alone.Median / together.Median, 2),
                Table.Number(apart.Median, 1), Table.Number(alone.Median / apart.Median, 2));
            results.Add(($"lone_to_agreeing_{count}", Table.Number(alone.Median / together.Median, 3)));
            results.Add(($"lone_to_parting_{count}", Table.Number(alone.Median / apart.Median, 3)));
        }

        table.WriteTo(context.Output);
        var check = await TimeCheckAsync(engine, model, context.Rounds ?? DefaultRounds);
        context.Output.WriteLine($"{EmpiricalCheck.MostDraws} draws of one token of {model.Card.VocabularySize}, counted and tested: {Table.Number(check, 1)} ms");
        Result.Write(context.Output, [.. results, ("check_million_draws_ms", Table.Number(check, 1))]);
    }

    /// <summary>Strategies that see the same logits: greedy ones, which draw the same tokens, or hot ones with a seed each, which do not.</summary>
    private static ImmutableArray<GenerationRequest> Columns(ILanguageModel model, int tokens, int count, bool agree) =>
    [
        .. Enumerable.Range(1, count).Select(number => new GenerationRequest
        {
            Model = model,
            PromptIds = Prompts.OfLength(model, PromptTokens),
            Sampling = new SamplingOptions().With(TemperatureStage.Temperature, agree ? 0 : 4).With(TopPStage.P, 1 - number / 100.0),
            Stopping = new StoppingOptions { MaxNewTokens = tokens, StopAtEndOfSequence = false },
            Seed = agree ? 7 : (ulong)number,
        }),
    ];

    private static async Task CompareAsync(GenerationEngine engine, ImmutableArray<GenerationRequest> columns)
    {
        using var run = new ComparisonRun(engine, new ComparisonRequest { Columns = columns });
        await foreach (var round in run)
            _ = round;
    }

    private static async Task RunAloneAsync(GenerationEngine engine, ImmutableArray<GenerationRequest> columns)
    {
        foreach (var column in columns)
        {
            using var run = engine.Generate(column);
            await foreach (var step in run)
                _ = step;
        }
    }

    private static async Task<double> TimeCheckAsync(GenerationEngine engine, ILanguageModel model, int rounds)
    {
        using var run = engine.Generate(Columns(model, 2, 1, agree: false)[0]);
        var steps = new List<TokenStep>();
        await foreach (var step in run)
            steps.Add(step);
        var review = new RunReview(run, steps);
        var times = new Samples();
        for (var round = 0; round < rounds; round++)
        {
            times.Add(await TimeAsync(() =>
            {
                review.Check(0, EmpiricalCheck.MostDraws);
                return Task.CompletedTask;
            }));
        }

        return times.Median;
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var started = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
