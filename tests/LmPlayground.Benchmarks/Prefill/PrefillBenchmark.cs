using System.Collections.Immutable;
using LmPlayground.Benchmarks.Reporting;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Benchmarks.Prefill;

/// <summary>Time to the first token: by length of the prompt, with and without a cached prefix, and by the size of prompt chunks.</summary>
/// <remarks>A prompt is read three times by one engine: anew, again as it is, and with other tokens at its end.</remarks>
internal static class PrefillBenchmark
{
    private const int DefaultRounds = 5;
    private const int DefaultSteps = 8;
    private const int ChunkedPrompt = 1024;
    private const int ChangedTokens = 8;

    private static readonly int[] Lengths = [16, 128, 1024, 4096];
    private static readonly int[] Chunks = [32, 64, 128, 256, 512];

    internal static async Task RunAsync(BenchmarkContext context)
    {
        using var catalog = context.OpenCatalog();
        var model = await context.LoadAsync(catalog);
        var rounds = context.Rounds ?? DefaultRounds;
        var steps = context.Tokens ?? DefaultSteps;
        var room = (model.Card.ContextLength ?? int.MaxValue) - steps - 1;
        if (room < Lengths[0])
            throw new BenchmarkException($"The context of {model.Card.Name} has no room for {Lengths[0]} tokens of prompt and {steps} more: give fewer with --tokens.");

        var results = await MeasureLengthsAsync(context, model, [.. Lengths.Where(length => length <= room)], rounds, steps);
        await MeasureChunksAsync(context, model, Math.Min(ChunkedPrompt, room), rounds);
        Result.Write(context.Output, [.. results]);
    }

    private static async Task<List<(string, string)>> MeasureLengthsAsync(
        BenchmarkContext context, ILanguageModel model, int[] lengths, int rounds, int steps)
    {
        var table = new Table("prompt", "first token ms", "tokens/s", "again ms", "one step ms", "again in steps", $"last {ChangedTokens} changed ms");
        var results = new List<(string, string)>();
        foreach (var length in lengths)
        {
            Samples cold = new(), again = new(), step = new(), changed = new();
            var prompt = Prompts.OfLength(model, length);
            ImmutableArray<int> edited = [.. prompt[..^ChangedTokens], .. Prompts.OfLength(model, ChangedTokens, variant: length)];
            for (var round = -1; round < rounds; round++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                using var engine = new GenerationEngine();
                var first = await RunAsync(engine, model, prompt, steps + 1);
                var second = await RunAsync(engine, model, prompt, 1);
                var third = await RunAsync(engine, model, edited, 1);
                if (round < 0)
                    continue;
                cold.Add(first.TimeToFirstToken.TotalMilliseconds);
                again.Add(second.TimeToFirstToken.TotalMilliseconds);
                changed.Add(third.TimeToFirstToken.TotalMilliseconds);
                step.Add(1000 / first.TokensPerSecond);
            }

            var ratio = again.Median / step.Median;
            table.Add(
                $"{length} tokens",
                Table.Number(cold.Median, 1),
                Table.Number(1000 * length / cold.Median),
                Table.Number(again.Median, 2),
                Table.Number(step.Median, 2),
                Table.Number(ratio, 2),
                Table.Number(changed.Median, 1));
            results.Add(($"ttft_{length}_ms", Table.Number(cold.Median, 1)));
            results.Add(($"cached_{length}_ms", Table.Number(again.Median, 2)));
            results.Add(($"cached_{length}_steps", Table.Number(ratio, 2)));
        }

        table.WriteTo(context.Output);
        return results;
    }

    private static async Task MeasureChunksAsync(BenchmarkContext context, ILanguageModel model, int length, int rounds)
    {
        var samples = Chunks.Select(_ => new Samples()).ToArray();
        var prompt = Prompts.OfLength(model, length);
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < Chunks.Length; i++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                using var engine = new GenerationEngine(new GenerationOptions { PromptChunk = Chunks[i] });
                var summary = await RunAsync(engine, model, prompt, 1);
                if (round >= 0)
                    samples[i].Add(summary.TimeToFirstToken.TotalMilliseconds);
            }
        }

        var table = new Table($"chunk, {length} tokens", "first token ms", "tokens/s", "ms a chunk", "logits MB");
        for (var i = 0; i < Chunks.Length; i++)
        {
            table.Add(
                $"{Chunks[i]}",
                Table.Number(samples[i].Median, 1),
                Table.Number(1000 * length / samples[i].Median),
                Table.Number(samples[i].Median * Math.Min(Chunks[i], length) / length, 1),
                Table.Number(Math.Min(Chunks[i], length) * (double)model.Card.VocabularySize * sizeof(float) / 1e6, 1));
        }

        table.WriteTo(context.Output);
    }

    private static async Task<GenerationSummary> RunAsync(GenerationEngine engine, ILanguageModel model, ImmutableArray<int> prompt, int tokens)
    {
        using var run = engine.Generate(new GenerationRequest
        {
            Model = model,
            PromptIds = prompt,
            Seed = 20,
            Stopping = new StoppingOptions { MaxNewTokens = tokens, StopAtEndOfSequence = false },
        });
        await foreach (var _ in run)
        {
            // The run's own clock counts.
        }

        return run.Summary!;
    }
}
