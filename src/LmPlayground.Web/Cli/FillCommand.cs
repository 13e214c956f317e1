using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Masking;
using LmPlayground.Models;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Cli;

/// <summary><c>fill</c>: fills the masks of a text with a masked model, or scores the text, as text or as JSON lines.</summary>
internal static class FillCommand
{
    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var text = new Option<string>("--text") { Description = "The text, with [MASK] (or what the model has instead) where a token is to be filled in.", Required = true };
        var order = new Option<string>("--order") { Description = "Which mask is filled next: left-to-right, or most-certain (the smallest entropy).", DefaultValueFactory = _ => "left-to-right" };
        var predict = new Option<bool>("--predict") { Description = "Draw every mask from one look at the text instead of one after the other." };
        var score = new Option<bool>("--score") { Description = "Hide every token in turn instead, and print the bits of each: pseudo-log-likelihood." };
        var command = new Command("fill", "Fill the masks of a text with a masked model, or score a text.") { text, order, predict, score };
        var options = new GenerateOptions("--stage-order");
        options.AddSamplingTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(predict) && parsed.GetValue(score))
                throw new CommandLineException("Give --predict or --score, not both.");
            var task = parsed.GetValue(predict) ? MaskedTask.Predict : parsed.GetValue(score) ? MaskedTask.Score : MaskedTask.Fill;
            var fillOrder = FillOrderText.Read(parsed.GetRequiredValue(order))
                ?? throw new CommandLineException($"--order must be left-to-right or most-certain, not '{parsed.GetRequiredValue(order)}'.");
            var (sampling, seed, top) = (options.Sampling(parsed), options.Seed(parsed), options.Top(parsed));

            using var models = openModels(parsed);
            var model = (await models.LoadAsync(options.Model(parsed), cancellationToken)).AsMaskedModel();
            using var engine = new GenerationEngine();
            using var run = new MaskedTextRun(engine, new MaskedRequest
            {
                Model = model,
                Text = MaskedText.Read(model, parsed.GetRequiredValue(text)),
                Task = task,
                Order = fillOrder,
                Sampling = sampling,
                Seed = seed,
                TopCandidates = top,
            });
            return await WriteAsync(run, options.Json(parsed), parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> WriteAsync(MaskedTextRun run, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        var isScore = run.Request.Task == MaskedTask.Score;
        try
        {
            await foreach (var step in run.WithCancellation(cancellationToken))
            {
                if (json)
                    await output.WriteLineAsync(GenerateOutput.Line(step));
                else if (isScore)
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{step.Surprisal,8:0.000} bits  {step.Display}"));
                await output.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (run.Summary is not null)
        {
            // Interrupted: what is there is shown whole.
        }

        var summary = run.Summary!;
        await output.WriteLineAsync(json ? Line(run.Request.Task, summary)
            : isScore ? string.Create(CultureInfo.InvariantCulture, $"{summary.Bits,8:0.000} bits in all, {summary.BitsPerCharacter:0.000} a character")
            : summary.Text);
        return summary.IsCancelled ? ExitCodes.Interrupted : ExitCodes.Success;
    }

    private static string Line(MaskedTask task, MaskedSummary summary) => JsonSerializer.Serialize(
        new Summary(task.ToString().ToLowerInvariant(), summary.IsCancelled, summary.Seed, summary.Text, summary.Steps, summary.Bits, summary.BitsPerCharacter, summary.Elapsed.TotalMilliseconds),
        GenerateOutput.Json);

    private sealed record Summary(string Task, bool IsCancelled, ulong Seed, string Text, int Steps, double Bits, double BitsPerCharacter, double ElapsedMs);
}
