using System.CommandLine;
using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.Cli;

/// <summary><c>models</c>: what can be loaded.</summary>
internal static class ModelsCommand
{
    private static readonly Option<int> Offset = new("--offset") { Description = "How many models to pass over.", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> Limit = new("--limit") { Description = "The most models to list.", DefaultValueFactory = _ => int.MaxValue };
    private static readonly Option<bool> Check = new("--check") { Description = "Load each model, and say what is wrong with it and what in its files cannot be used." };

    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var command = new Command("models", "List the models that can be loaded.");
        command.Options.Add(Offset);
        command.Options.Add(Limit);
        command.Options.Add(Check);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var models = openModels(parsed);
            ModelEntry[] entries = [.. models.Entries.Skip(Least(parsed, Offset, 0)).Take(Least(parsed, Limit, 1))];
            var output = parsed.InvocationConfiguration.Output;
            var width = entries.Select(entry => entry.Id.Length).DefaultIfEmpty(0).Max();
            foreach (var entry in entries)
            {
                var lines = parsed.GetValue(Check) ? await CheckAsync(models.Loader, entry.Id, cancellationToken) : [];
                await output.WriteLineAsync($"{TerminalWriter.Name(entry.Id).PadRight(width)}  {Sizes.Text(entry.SizeInBytes),8}  {TerminalWriter.Name(entry.Error ?? entry.Name)}");
                foreach (var line in lines)
                    await output.WriteLineAsync($"{"".PadRight(width)}  {TerminalWriter.Name(line)}");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static int Least(ParseResult parsed, Option<int> option, int least) => parsed.GetValue(option) is var value && value >= least
        ? value
        : throw new CommandLineException($"{option.Name} is {value}; it must be at least {least}.");

    private static async Task<IReadOnlyList<string>> CheckAsync(IModelLoader loader, string id, CancellationToken cancellationToken)
    {
        try
        {
            using var lease = await loader.AcquireAsync(id, cancellationToken);
            loader.Unload(id);
            return lease.Model.Card.Notices;
        }
        catch (ModelLoadException exception)
        {
            return [exception.Message];
        }
    }
}
