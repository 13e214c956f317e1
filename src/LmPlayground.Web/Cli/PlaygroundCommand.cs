using System.CommandLine;
using LmPlayground.Models.Hub;
using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Runs.Work;
using LmPlayground.Tokenizers;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Hosting;

namespace LmPlayground.Web.Cli;

/// <summary>The program's command line: without a command the web server, else one run or a list without a browser.</summary>
internal static class PlaygroundCommand
{
    private static readonly Option<string[]> Models = new("--models")
    {
        Description = $"A folder of further models; may be given several times. The environment variable {ModelOptions.EnvironmentVariable} does the same.",
        Recursive = true,
    };

    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "The addresses to listen on, as ASP.NET Core takes them.",
    };

    /// <summary>Reads the command line and does what it says.</summary>
    /// <returns>The exit code; see <see cref="ExitCodes"/>.</returns>
    internal static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("LmPlayground: see, token by token, how a language model chooses its words.");
        root.Options.Add(Models);
        root.Options.Add(Urls);
        root.Subcommands.Add(GenerateCommand.Create(OpenModels));
        root.Subcommands.Add(CompareCommand.Create(OpenModels));
        root.Subcommands.Add(ScoreCommand.Create(OpenModels));
        root.Subcommands.Add(FillCommand.Create(OpenModels));
        root.Subcommands.Add(ModelsCommand.Create(OpenModels));
        root.Subcommands.Add(PullCommand.Create());
        root.Subcommands.Add(SearchCommand.Create());
        root.Subcommands.Add(TraceCommand.Create());
        root.Subcommands.Add(TokenizeCommand.Create());
        root.Subcommands.Add(ChatTemplateCommand.Create());
        root.Subcommands.Add(TrainNGramCommand.Create());
        root.Subcommands.Add(DemosCommand.Create());
        root.SetAction(async (parsed, cancellationToken) =>
        {
            await PlaygroundHost.RunAsync(FoldersOf(parsed), parsed.GetValue(Urls), cancellationToken);
            return ExitCodes.Success;
        });

        var parsed = root.Parse(args);
        var error = parsed.InvocationConfiguration.Error;
        Task<int> FailAsync(string message, int exitCode) => TellAsync(error, WithShortArguments(message, args), exitCode);
        if (UnicodeData.Fault is { } fault)
            return await FailAsync(fault, ExitCodes.WrongInput);
        if (parsed.Errors.Count > 0)
            return await FailAsync(parsed.Errors[0].Message, ExitCodes.WrongInput);
        parsed.InvocationConfiguration.EnableDefaultExceptionHandler = false;
        if (!Console.IsOutputRedirected)
            parsed.InvocationConfiguration.Output = new TerminalWriter(parsed.InvocationConfiguration.Output);
        try
        {
            return await parsed.InvokeAsync();
        }
        catch (Exception exception) when (exception is CommandLineException or StartException or HubException { IsWrongInput: true } || WorkErrors.IsRefusal(exception))
        {
            return await FailAsync(exception.Message, ExitCodes.WrongInput);
        }
        catch (JobFailure failure)
        {
            return await FailAsync(failure.Message, failure.IsRefusal ? ExitCodes.WrongInput : ExitCodes.Failure);
        }
        catch (Exception exception) when (exception is ModelRunException or HubException { IsWrongInput: false } or Sampling.Candidates.InvalidLogitsException or IOException)
        {
            return await FailAsync(exception.Message, ExitCodes.Failure);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await error.WriteLineAsync(exception.ToString());
            return await FailAsync($"The program failed in a way it did not expect ({exception.GetType().Name}); the details stand above.", ExitCodes.Failure);
        }
    }

    private static CliModels OpenModels(ParseResult parsed) => new(FoldersOf(parsed));

    private static string[] FoldersOf(ParseResult parsed)
    {
        var fromEnvironment = Environment.GetEnvironmentVariable(ModelOptions.EnvironmentVariable) ?? "";
        return [.. fromEnvironment.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), .. parsed.GetValue(Models) ?? []];
    }

    /// <summary>A message that quotes an argument quotes no more of it than one can read.</summary>
    private static string WithShortArguments(string message, string[] args) => args
        .SelectMany(argument => new[] { argument, argument[(argument.IndexOf('=', StringComparison.Ordinal) + 1)..] })
        .Where(value => value.Length > Quoted.Most)
        .Aggregate(message, (shorter, value) => shorter.Replace(value, Quoted.Text(value), StringComparison.Ordinal));

    private static async Task<int> TellAsync(TextWriter error, string message, int exitCode)
    {
        await error.WriteLineAsync("error: " + TerminalWriter.Visible(message.ReplaceLineEndings(" ")));
        return exitCode;
    }
}
