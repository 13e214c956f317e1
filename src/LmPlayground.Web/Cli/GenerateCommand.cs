using System.CommandLine;
using LmPlayground.Runs;
using LmPlayground.Runs.Work;

namespace LmPlayground.Web.Cli;

/// <summary><c>generate</c>: a run without a browser, as text or as JSON lines.</summary>
internal static class GenerateCommand
{
    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var command = new Command("generate", "Continue a prompt, as text or as one JSON object a token.");
        var options = new RunOptionsOfCommand(PromptOptions.Settings);
        options.AddTo(command);
        command.Options.Add(PromptOptions.Raw);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // All of the input is checked before a model is read.
            var request = PromptOptions.Checked(parsed, options.Read(parsed)) with { Task = RunTask.Continue };
            var output = new GenerateOutput(parsed.InvocationConfiguration.Output, options.Json(parsed), request.Search.IsSearch);
            var top = options.Top(parsed);
            using var models = openModels(parsed);
            await using var runs = new CliRuns(models.Loader, top, parsed.InvocationConfiguration.Error);
            await runs.CheckAsync(request, cancellationToken);
            var last = await runs.FollowAsync(new RunWork(request, runs.Services), output.ShowAsync, cancellationToken);
            JobFailure.ThrowIfFailed(last);
            return await output.EndAsync(last) ? ExitCodes.Success : ExitCodes.Interrupted;
        });
        return command;
    }
}
