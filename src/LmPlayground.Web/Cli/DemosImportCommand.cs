using System.CommandLine;
using System.Globalization;
using LmPlayground.Web.Operating;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos import</c>: reads what export wrote, wholly or not at all.</summary>
internal static class DemosImportCommand
{
    private static readonly Argument<string> Source = new("file") { Description = "A file that export wrote; - is standard input." };

    internal static Command Create()
    {
        var command = new Command("import", "Add the shared demos of a file that export wrote. What is here already stays as it is, and what was blocked stays out.");
        command.Arguments.Add(Source);
        command.Changes(async (parsed, open, cancellationToken) =>
        {
            await using var file = await OpenAsync(parsed.GetRequiredValue(Source), cancellationToken);
            await using var operations = await open();
            var import = await operations.ImportAsync(file, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"demos added: {import.Added:#,0}\nhere already, or blocked: {import.Kept:#,0}"));
        });
        return command;
    }

    private static async Task<FileStream> OpenAsync(string source, CancellationToken cancellationToken)
    {
        if (source == DemoWork.Standard)
        {
            await using var input = Console.OpenStandardInput();
            return await Spool.ReadAsync(input, Path.GetTempPath(), cancellationToken);
        }

        var path = Path.GetFullPath(source);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, useAsync: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandLineException($"The file {path} cannot be read: {error.Message}");
        }
    }
}
