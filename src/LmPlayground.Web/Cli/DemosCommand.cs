using System.CommandLine;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos</c>: what the operator does with shared demos. Each of its commands has a file of its own.</summary>
internal static class DemosCommand
{
    internal static Command Create() => new("demos", "Look after the shared demos of this server.")
    {
        DemosRecordCommand.Create(),
    };
}
