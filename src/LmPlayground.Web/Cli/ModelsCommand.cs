using System.CommandLine;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.Cli;

/// <summary><c>models</c>: what can be loaded.</summary>
internal static class ModelsCommand
{
    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var command = new Command("models", "List the models that can be loaded.");
        command.SetAction(parsed =>
        {
            using var models = openModels(parsed);
            var output = parsed.InvocationConfiguration.Output;
            var width = models.Entries.Select(entry => entry.Id.Length).DefaultIfEmpty(0).Max();
            foreach (var entry in models.Entries)
            {
                output.WriteLine($"{TerminalWriter.Name(entry.Id).PadRight(width)}  {Sizes.Text(entry.SizeInBytes),8}  {TerminalWriter.Name(entry.Error ?? entry.Name)}");
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
