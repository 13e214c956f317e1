using System.Diagnostics;
using LmPlayground.Benchmarks.Reporting;
using LmPlayground.Models;

namespace LmPlayground.Benchmarks.Batch;

/// <summary>What one token in each of several sequences costs: in one batch, and in as many sessions one after the other, in turns.</summary>
internal static class BatchBenchmark
{
    private const int DefaultRounds = 7;
    private const int DefaultSteps = 16;
    private const int Prompt = 48;

    private static readonly int[] Sizes = [2, 4, 8];

    internal static async Task RunAsync(BenchmarkContext context)
    {
        using var catalog = context.OpenCatalog();
        if (await context.LoadAsync(catalog) is not IBatchingModel model)
            throw new BenchmarkException($"{context.Model} does not run several sequences at once.");
        var steps = context.Tokens ?? DefaultSteps;
        var room = (model.Card.ContextLength ?? int.MaxValue) - Prompt;
        if (steps > room)
            throw new BenchmarkException($"The context of {model.Card.Name} has no room for {steps} steps after {Prompt} tokens: give at most {room} with --tokens.");

        var trial = Stopwatch.GetTimestamp();
        var keepsBits = model.BatchesKeepBits;
        await context.Output.WriteLineAsync($"Rows {(keepsBits ? "give the bits of sessions alone" : "round otherwise than sessions alone")}; found in {Stopwatch.GetElapsedTime(trial).TotalMilliseconds:F0} ms.");
        await context.Output.WriteLineAsync();
        var results = new List<(string, string)> { ("same_bits", keepsBits ? "1" : "0") };
        var table = new Table("rows", "batch ms/step", "sessions ms/step", "against sessions", "against one row");
        foreach (var size in Sizes)
        {
            var (batch, alone) = Measure(model, size, steps, context.Rounds ?? DefaultRounds, context.CancellationToken);
            var one = alone / size;
            table.Add($"{size}", Table.Number(batch, 2), Table.Number(alone, 2), $"{Table.Number(batch / alone, 2)}x", $"{Table.Number(batch / one, 2)}x");
            results.Add(($"batch{size}_ms", Table.Number(batch, 3)));
            results.Add(($"alone{size}_ms", Table.Number(alone, 3)));
            results.Add(($"batch{size}_cost", Table.Number(batch / one, 2)));
        }

        table.WriteTo(context.Output);
        Result.Write(context.Output, [.. results]);
    }

    /// <summary>Milliseconds a step, the medians of the rounds.</summary>
    private static (double Batch, double Alone) Measure(IBatchingModel model, int size, int steps, int rounds, CancellationToken cancellationToken)
    {
        var prompt = Prompts.OfLength(model, Prompt);
        var tokens = Prompts.OfLength(model, size).ToArray();
        using var session = model.StartSession();
        session.Forward(prompt.AsSpan(), cancellationToken);
        var (together, alone) = (new Samples(), new Samples());
        for (var round = 0; round <= rounds; round++)
        {
            var batch = RunBatch(model, session, tokens, steps, cancellationToken);
            var sessions = RunSessions(session, tokens, steps, cancellationToken);
            if (round == 0)
                continue; // compiles code and touches memory
            together.Add(batch);
            alone.Add(sessions);
        }

        return (together.Median, alone.Median);
    }

    private static double RunBatch(IBatchingModel model, IDecoderSession session, int[] tokens, int steps, CancellationToken cancellationToken)
    {
        using var batch = model.StartBatch([.. Enumerable.Repeat(session, tokens.Length)]);
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
            batch.Forward(tokens, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps;
    }

    private static double RunSessions(IDecoderSession session, int[] tokens, int steps, CancellationToken cancellationToken)
    {
        List<IDecoderSession> sessions = [.. tokens.Select(_ => session.Fork())];
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
        {
            for (var row = 0; row < tokens.Length; row++)
                sessions[row].Forward(tokens.AsSpan(row, 1), cancellationToken);
        }

        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps;
        sessions.ForEach(one => one.Dispose());
        return elapsed;
    }
}
