using System.Diagnostics;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.Onnx.Sessions;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>Tokens a second of the engine against a bare loop over the same session, prompt and number of steps, in turns.</summary>
/// <remarks>
/// Both go through the same sequence lengths side by side, a few tokens each at a time, and which of them goes first changes from turn
/// to turn: what else the machine does then meets both, and the medians do not see it.
/// </remarks>
internal static class DecodeBenchmark
{
    private const int PromptTokens = 16;
    private const int DefaultTokens = 128;
    private const int DefaultRounds = 10;
    private const int TokensInTurn = 8;
    private const int GenerationOfLongLived = 2;

    /// <summary>Code is compiled again once it has proved hot, some hundred steps in.</summary>
    private const int WarmUpRounds = 3;

    internal static async Task RunAsync(BenchmarkContext context)
    {
        using var catalog = context.OpenCatalog();
        var model = await context.LoadAsync(catalog);
        var tokens = context.Tokens ?? DefaultTokens;
        if (PromptTokens + tokens >= (model.Card.ContextLength ?? int.MaxValue))
            throw new BenchmarkException($"The context of {model.Card.Name} has no room for {PromptTokens} tokens of prompt and {tokens} more: give fewer with --tokens.");

        var prompt = Prompts.OfLength(model, PromptTokens);
        var decoder = ((LoadedModel)model).Sessions as OnnxDecoder
            ?? throw new BenchmarkException($"{model.Card.Name} is no ONNX model: there is no bare loop to compare it with.");
        using var bare = BareLoop.Create(decoder, PromptTokens, tokens);
        await using var engine = new EngineLoop(model, prompt, tokens);
        var comparison = new DecodeComparison();
        var rounds = context.Rounds ?? DefaultRounds;
        var collections = 0;
        for (var round = -Math.Min(WarmUpRounds, rounds); round < rounds; round++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (round == 0)
            {
                comparison = new DecodeComparison();
                collections = GC.CollectionCount(GenerationOfLongLived);
            }

            await engine.StartAsync();
            var token = bare.ReadPrompt(prompt.AsSpan());
            for (var done = 0; done < tokens; done += TokensInTurn)
            {
                var count = Math.Min(TokensInTurn, tokens - done);
                var bareFirst = comparison.Engine.Count % 2 == 0;
                if (bareFirst)
                    comparison.Bare.Add(TimeBare(bare, ref token, count));
                comparison.Engine.Add(await TimeEngineAsync(engine, count));
                if (!bareFirst)
                    comparison.Bare.Add(TimeBare(bare, ref token, count));
            }
        }

        comparison.Collections = GC.CollectionCount(GenerationOfLongLived) - collections;
        (comparison.Garbage, comparison.Retained) = await engine.MeasureAllocationsAsync();
        comparison.Report(context.Output);
    }

    private static double TimeBare(BareLoop loop, ref int token, int count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var step = 0; step < count; step++)
            token = loop.Step(token);
        return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
    }

    private static async Task<double> TimeEngineAsync(EngineLoop loop, int count)
    {
        var started = Stopwatch.GetTimestamp();
        await loop.AdvanceAsync(count);
        return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
    }
}
