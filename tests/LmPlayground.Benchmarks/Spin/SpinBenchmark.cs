using System.Diagnostics;
using LmPlayground.Benchmarks.Decode;
using LmPlayground.Benchmarks.Reporting;
using LmPlayground.Models;

namespace LmPlayground.Benchmarks.Spin;

/// <summary>
/// The engine over one model loaded twice, with threads that sleep for work and with threads that spin inside a run: one run alone, and two
/// that compete for the cores.
/// </summary>
/// <remarks>The two take turns of a few tokens at the same lengths of text, and who goes first changes: what else the machine does meets both.</remarks>
internal static class SpinBenchmark
{
    private const int PromptTokens = 16;
    private const int DefaultTokens = 128;
    private const int DefaultRounds = 10;
    private const int TokensInTurn = 8;
    private const int WarmUpRounds = 3;
    private const int Competitors = 2;

    internal static async Task RunAsync(BenchmarkContext context)
    {
        using var sleeping = context.OpenCatalog();
        using var spinning = context.OpenCatalog(spinInRuns: true);
        ILanguageModel[] models = [await context.LoadAsync(sleeping), (await spinning.LoadAsync(context.Model, context.CancellationToken)).AsLanguageModel()];
        var tokens = context.Tokens ?? DefaultTokens;
        if (PromptTokens + tokens >= (models[0].Card.ContextLength ?? int.MaxValue))
            throw new BenchmarkException($"The context of {models[0].Card.Name} has no room for {PromptTokens} tokens of prompt and {tokens} more: give fewer with --tokens.");

        var (single, slowest, sum) = (Pair(), Pair(), Pair());
        await MeasureAsync(context, models, tokens, runs: 1, (side, speeds) => single[side].Add(speeds[0]));
        await MeasureAsync(context, models, tokens, Competitors, (side, speeds) =>
        {
            slowest[side].Add(speeds.Min());
            sum[side].Add(speeds.Sum());
        });

        var table = new Table($"tokens/s, medians of {single[0].Count} turns", "sleeping", "spinning", "ratio", "ratio of pairs", "lower quartile", "upper quartile");
        Add(table, "one run", single);
        Add(table, $"{Competitors} runs at once, the slowest", slowest);
        Add(table, $"{Competitors} runs at once, together", sum);
        table.WriteTo(context.Output);
        Result.Write(
            context.Output,
            [.. Values("single", single), .. Values("slowest_of_two", slowest), .. Values("sum_of_two", sum)]);
    }

    /// <summary>Lets both models take turns, each with so many runs at the same time, and gives the tokens a second of each run of a turn.</summary>
    private static async Task MeasureAsync(BenchmarkContext context, ILanguageModel[] models, int tokens, int runs, Action<int, double[]> add)
    {
        var loops = models.Select(model => Enumerable.Range(0, runs).Select(run => new EngineLoop(model, Prompts.OfLength(model, PromptTokens, run), tokens)).ToArray()).ToArray();
        try
        {
            var rounds = context.Rounds ?? DefaultRounds;
            var turn = 0;
            for (var round = -Math.Min(WarmUpRounds, rounds); round < rounds; round++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                foreach (var loop in loops.SelectMany(side => side))
                    await loop.StartAsync();
                for (var done = 0; done < tokens; done += TokensInTurn)
                {
                    var count = Math.Min(TokensInTurn, tokens - done);
                    for (var i = 0; i < loops.Length; i++)
                    {
                        var side = (turn + i) % loops.Length;
                        var speeds = await Task.WhenAll(loops[side].Select(loop => Task.Run(() => SpeedAsync(loop, count))));
                        if (round >= 0)
                            add(side, speeds);
                    }

                    turn++;
                }
            }
        }
        finally
        {
            foreach (var loop in loops.SelectMany(side => side))
                await loop.DisposeAsync();
        }
    }

    private static async Task<double> SpeedAsync(EngineLoop loop, int count)
    {
        var started = Stopwatch.GetTimestamp();
        await loop.AdvanceAsync(count);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Samples[] Pair() => [new(), new()];

    private static Samples Ratios(Samples[] pair)
    {
        var ratios = new Samples();
        for (var turn = 0; turn < pair[0].Count; turn++)
            ratios.Add(pair[1][turn] / pair[0][turn]);
        return ratios;
    }

    private static void Add(Table table, string name, Samples[] pair)
    {
        var ratios = Ratios(pair);
        table.Add(
            name,
            Table.Number(pair[0].Median, 1),
            Table.Number(pair[1].Median, 1),
            Table.Number(pair[1].Median / pair[0].Median, 3),
            Table.Number(ratios.Median, 3),
            Table.Number(ratios.Quantile(0.25), 3),
            Table.Number(ratios.Quantile(0.75), 3));
    }

    private static IEnumerable<(string Name, string Value)> Values(string name, Samples[] pair) =>
    [
        ($"{name}_sleeping", Table.Number(pair[0].Median, 2)),
        ($"{name}_spinning", Table.Number(pair[1].Median, 2)),
        ($"{name}_ratio", Table.Number(pair[1].Median / pair[0].Median, 4)),
        ($"{name}_pair_ratio", Table.Number(Ratios(pair).Median, 4)),
    ];
}
