using System.Collections.Immutable;
using System.Diagnostics;
using LmPlayground.Benchmarks.Reporting;
using LmPlayground.Models.Catalog;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>Tokens a second of the engine against a bare loop over the same session, prompt and number of steps, in turns.</summary>
/// <remarks>Which of the two goes first changes from round to round, so that a machine that slows down slows both.</remarks>
internal static class DecodeBenchmark
{
    private const int PromptTokens = 16;
    private const int DefaultTokens = 64;
    private const int DefaultRounds = 21;
    private const int GenerationOfLongLived = 2;

    /// <summary>Code is compiled again once it has proved hot, some hundred steps in.</summary>
    private const int WarmUpTokens = 192;

    internal static async Task RunAsync(BenchmarkContext context)
    {
        using var catalog = context.OpenCatalog();
        var model = await context.LoadAsync(catalog);
        var steps = context.Tokens ?? DefaultTokens;
        if (PromptTokens + steps >= (model.Card.ContextLength ?? int.MaxValue))
            throw new BenchmarkException($"The context of {model.Card.Name} has no room for {PromptTokens} tokens of prompt and {steps} more: give fewer with --tokens.");

        var prompt = Prompts.OfLength(model, PromptTokens);
        using var bare = BareLoop.Create(((LoadedModel)model).Decoder, PromptTokens, steps);
        using var engine = new EngineLoop(model, prompt, steps);
        for (var warm = 0; warm < (context.Rounds == 1 ? steps : WarmUpTokens); warm += steps)
        {
            RunBare(bare, prompt, steps);
            await engine.RunAsync();
        }

        var measured = new Measured(steps);
        var collections = GC.CollectionCount(GenerationOfLongLived);
        for (var round = 0; round < (context.Rounds ?? DefaultRounds); round++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (round % 2 == 0)
                measured.Bare.Add(RunBare(bare, prompt, steps));
            measured.Engine.Add(await engine.RunAsync());
            if (round % 2 == 1)
                measured.Bare.Add(RunBare(bare, prompt, steps));
        }

        measured.Collections = GC.CollectionCount(GenerationOfLongLived) - collections;
        (measured.Garbage, measured.Retained) = await engine.MeasureAllocationsAsync();
        measured.Report(context.Output);
    }

    private static double RunBare(BareLoop loop, ImmutableArray<int> prompt, int steps)
    {
        var token = loop.ReadPrompt(prompt.AsSpan());
        var started = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
            token = loop.Step(token);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private sealed class Measured(int steps)
    {
        public Samples Bare { get; } = new();

        public Samples Engine { get; } = new();

        public int Collections { get; set; }

        public double Garbage { get; set; }

        public double Retained { get; set; }

        public void Report(TextWriter output)
        {
            var pairs = new Samples();
            for (var round = 0; round < Bare.Count; round++)
                pairs.Add(Bare[round] / Engine[round]);
            var table = new Table($"{Bare.Count} rounds of {steps} tokens", "tokens/s", "median ms/token", "fastest", "slowest");
            Add(table, "bare ONNX Runtime loop", Bare);
            Add(table, "engine, all traces, top 50", Engine);
            table.WriteTo(output);
            output.WriteLine($"engine / bare: {Table.Number(Bare.Median / Engine.Median, 3)} by medians, {Table.Number(pairs.Median, 3)} median of pairs (quartiles {Table.Number(pairs.Quantile(0.25), 3)} to {Table.Number(pairs.Quantile(0.75), 3)})");
            output.WriteLine($"allocated: {Table.Number(Garbage)} bytes a token besides the step itself, which takes {Table.Number(Retained)}; {Collections} collections of generation 2");
            output.WriteLine();
            Result.Write(
                output,
                ("ratio", Table.Number(Bare.Median / Engine.Median, 4)),
                ("pair_ratio", Table.Number(pairs.Median, 4)),
                ("engine_tokens_per_second", Table.Number(steps / Engine.Median, 2)),
                ("bare_tokens_per_second", Table.Number(steps / Bare.Median, 2)),
                ("bytes_per_token", Table.Number(Garbage)),
                ("gen2_collections", Table.Number(Collections)));
        }

        private void Add(Table table, string name, Samples seconds) => table.Add(
            name,
            Table.Number(steps / seconds.Median, 1),
            Table.Number(1000 * seconds.Median / steps, 3),
            Table.Number(1000 * seconds.Quantile(0) / steps, 3),
            Table.Number(1000 * seconds.Quantile(1) / steps, 3));
    }
}
