using System.CommandLine;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Work;

namespace LmPlayground.Web.Cli;

/// <summary><c>fill</c>: fills the masks of a text with a masked model, or scores the text, as text or as JSON lines.</summary>
internal static class FillCommand
{
    private static readonly Option<bool> Predict = new("--predict") { Description = "Draw every mask from one look at the text instead of one after the other." };
    private static readonly Option<bool> Score = new("--score") { Description = "Hide every token in turn instead, and print the bits of each: pseudo-log-likelihood." };

    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var command = new Command("fill", "Fill the masks of a text with a masked model, or score a text.");
        var options = new RunOptionsOfCommand(
            [RunSettings.Prompt, RunSettings.FillOrder, .. StageSettings.All, RunSettings.Order, RunSettings.Seed],
            (RunSettings.Prompt, "--text"), (RunSettings.FillOrder, "--order"), (RunSettings.Order, "--stage-order"));
        options.AddTo(command);
        command.Options.Add(Predict);
        command.Options.Add(Score);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var task = TaskOf(parsed);
            var request = options.Read(parsed) with { Task = task };
            if (request.Prompt is null)
                throw new CommandLineException("Give the text with --text TEXT, with [MASK] (or what the model has instead) where a token is to be filled in.");
            var output = new FillOutput(parsed.InvocationConfiguration.Output, options.Json(parsed), task);
            var top = options.Top(parsed);
            using var models = openModels(parsed);
            await using var runs = new CliRuns(models.Loader, top, parsed.InvocationConfiguration.Error);
            var last = await runs.FollowAsync(new RunWork(request, runs.Services), output.ShowAsync, cancellationToken);
            JobFailure.ThrowIfFailed(last);
            return await output.EndAsync(last) ? ExitCodes.Success : ExitCodes.Interrupted;
        });
        return command;
    }

    private static RunTask TaskOf(ParseResult parsed) => (parsed.GetValue(Predict), parsed.GetValue(Score)) switch
    {
        (true, true) => throw new CommandLineException("Give --predict or --score, not both."),
        (true, _) => RunTask.Predict,
        (_, true) => RunTask.Score,
        _ => RunTask.Fill,
    };
}
