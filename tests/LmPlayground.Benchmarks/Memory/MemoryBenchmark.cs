using LmPlayground.Benchmarks.Reporting;
using LmPlayground.Generation;
using LmPlayground.Models;

namespace LmPlayground.Benchmarks.Memory;

/// <summary>
/// Resident memory of one session and of eight that run at the same time. Were the weights loaded for each, seven more sessions
/// would take seven times the model's files.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Sessions = 8;
    private const int PromptTokens = 256;
    private const int DefaultNewTokens = 44;

    internal static async Task RunAsync(BenchmarkContext context)
    {
        var before = ResidentMemory.Measure();
        using var catalog = context.OpenCatalog();
        var model = await context.LoadAsync(catalog);
        var loaded = ResidentMemory.Measure();
        var newTokens = context.Tokens ?? DefaultNewTokens;
        var promptTokens = Math.Min(PromptTokens, (model.Card.ContextLength ?? int.MaxValue) - newTokens);
        if (promptTokens < 1)
            throw new BenchmarkException($"The context of {model.Card.Name} has no room for {newTokens} tokens and a prompt: give fewer with --tokens.");

        var sessions = new List<IDecoderSession>();
        try
        {
            sessions.Add(model.StartSession());
            Run(model, sessions, promptTokens, newTokens, context.CancellationToken);
            var one = ResidentMemory.Measure();
            while (sessions.Count < Sessions)
                sessions.Add(model.StartSession());
            Run(model, sessions[1..], promptTokens, newTokens, context.CancellationToken);
            var eight = ResidentMemory.Measure();
            Report(context.Output, model, [before, loaded, one, eight]);
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }

    private static void Run(ILanguageModel model, List<IDecoderSession> sessions, int promptTokens, int newTokens, CancellationToken cancellationToken)
    {
        // A thread for each, so that all of them are inside the model at the same time.
        var threads = sessions.Select((session, index) => Task.Factory.StartNew(
            () => Run(session, Prompts.OfLength(model, promptTokens + newTokens, index).AsSpan(), promptTokens, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        Task.WaitAll([.. threads], cancellationToken);
    }

    private static void Run(IDecoderSession session, ReadOnlySpan<int> tokens, int promptTokens, CancellationToken cancellationToken)
    {
        var chunk = new GenerationOptions().PromptChunk;
        while (session.Length < tokens.Length)
        {
            var count = session.Length < promptTokens ? Math.Min(chunk, promptTokens - session.Length) : 1;
            session.Forward(tokens.Slice(session.Length, count), cancellationToken);
        }
    }

    private static void Report(TextWriter output, ILanguageModel model, long[] resident)
    {
        var files = model.Card.Files.Sum(file => file.Length);
        var perSession = (resident[3] - resident[2]) / (Sessions - 1);
        var table = new Table("", "resident MB", "more MB");
        string[] names = ["before the model is loaded", "model loaded", "1 session", $"{Sessions} sessions"];
        for (var i = 0; i < names.Length; i++)
            table.Add(names[i], Megabytes(resident[i]), i == 0 ? "" : Megabytes(resident[i] - resident[i - 1]));
        table.Add("each further session", "", Megabytes(perSession));
        table.Add("the model's files", "", Megabytes(files));
        table.WriteTo(output);
        Result.Write(
            output,
            ("resident_1_mb", Megabytes(resident[2])),
            ("resident_8_mb", Megabytes(resident[3])),
            ("per_session_mb", Megabytes(perSession)),
            ("files_mb", Megabytes(files)));
    }

    private static string Megabytes(long bytes) => Table.Number(bytes / 1e6, 1);
}
