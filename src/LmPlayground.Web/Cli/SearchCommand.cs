using System.CommandLine;
using System.Globalization;
using LmPlayground.Models.Hub;

namespace LmPlayground.Web.Cli;

/// <summary><c>search</c>: which ONNX models a hub has.</summary>
internal static class SearchCommand
{
    private static readonly Argument<string[]> Words = new("words") { Description = "Words of the model's name.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> Limit = new("--limit") { Description = "The most models to list: 1 to 100.", DefaultValueFactory = _ => 20 };

    internal static Command Create()
    {
        var command = new Command("search", "Search a hub for ONNX models, the most downloaded first.");
        command.Arguments.Add(Words);
        command.Options.Add(Limit);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Limit) is var limit && limit is < 1 or > 100)
            throw new CommandLineException($"--limit is {limit}; it must be from 1 to 100.");
        using var client = new HubClient(HubOptions.FromEnvironment());
        var found = await client.SearchAsync(string.Join(' ', parsed.GetRequiredValue(Words)), limit, cancellationToken);
        var output = parsed.InvocationConfiguration.Output;
        var width = found.Select(model => model.Id.Length).DefaultIfEmpty(0).Max();
        foreach (var model in found)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{TerminalWriter.Name(model.Id).PadRight(width)}  {model.Downloads,10:N0} downloads  {TerminalWriter.Name(model.License ?? "")}").TrimEnd());
        if (found.IsEmpty)
            await output.WriteLineAsync("Nothing was found.");
        return ExitCodes.Success;
    }
}
