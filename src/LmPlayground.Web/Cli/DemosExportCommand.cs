using System.CommandLine;
using System.Globalization;
using LmPlayground.Demos;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos export</c>: all of the store as lines of JSON, as of one moment.</summary>
internal static class DemosExportCommand
{
    private static readonly Argument<string> Target = new("file") { Description = "The file to write, which must not be there yet; - is standard output." };

    internal static Command Create()
    {
        var command = new Command("export", "Write all shared demos into a file that import reads, here or on another server.");
        command.Arguments.Add(Target);
        command.Reads(async (parsed, store, cancellationToken) =>
        {
            var target = parsed.GetRequiredValue(Target);
            if (target == DemoWork.Standard)
            {
                await using var output = Console.OpenStandardOutput();
                await store.ExportAsync(output, cancellationToken);
                return;
            }

            var path = Path.GetFullPath(target);
            var count = await WriteAsync(store, path, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"demos exported: {count:#,0}\n{path}"));
        });
        return command;
    }

    /// <summary>The file has its name only once it is whole and on the disk, and is for its owner alone: all demos are in it.</summary>
    private static async Task<int> WriteAsync(IDemoStore store, string path, CancellationToken cancellationToken)
    {
        if (Path.Exists(path))
            throw new CommandLineException($"There is a file at {path} already, and an export writes over nothing.");
        var unfinished = path + ".unfinished";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            int count;
            await using (var file = new FileStream(unfinished, options))
            {
                count = await store.ExportAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path);
            return count;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandLineException($"The export cannot be written to {path}: {error.Message}");
        }
        finally
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }
}
