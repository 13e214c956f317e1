using System.CommandLine;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos backup</c>: a copy of the database while a server works on it.</summary>
internal static class DemosBackupCommand
{
    private static readonly Argument<string> Target = new("file") { Description = "The file to write, which must not be there yet." };

    internal static Command Create()
    {
        var command = new Command("backup", "Copy the database of shared demos, as of one moment; a server may run meanwhile. The copy takes the place of demos.db.");
        command.Arguments.Add(Target);
        command.Reads(async (parsed, store, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(Target));
            await store.BackupAsync(path, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(path);
        });
        return command;
    }
}
