using System.CommandLine;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos</c>: what the operator does with shared demos. Each of its commands has a file of its own.</summary>
internal static class DemosCommand
{
    internal static Command Create()
    {
        var command = new Command("demos", "Look after the shared demos of this server, while it runs or not (Data:Directory, ConnectionStrings:Demos).");
        command.Subcommands.Add(DemosListCommand.Create());
        command.Subcommands.Add(DemosExportCommand.Create());
        command.Subcommands.Add(DemosImportCommand.Create());
        command.Subcommands.Add(DemosBackupCommand.Create());
        command.Subcommands.Add(DemosPurgeCommand.Create());
        command.Subcommands.Add(DemosKillCommand.Create());
        command.Subcommands.Add(DemosReportsCommand.Create());
        command.Subcommands.Add(DemosSweepCommand.Create());
        command.Subcommands.Add(DemosRecordCommand.Create());
        return command;
    }
}
