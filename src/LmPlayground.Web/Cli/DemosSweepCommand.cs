using System.CommandLine;
using System.Globalization;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos sweep</c>: what the server does every few minutes, now.</summary>
internal static class DemosSweepCommand
{
    internal static Command Create()
    {
        var command = new Command("sweep", "Delete the documents of demos that have ended, and write down how often demos were opened: a running server does so by itself.");
        command.Changes(async (parsed, open, cancellationToken) =>
        {
            await using var operations = await open();
            var swept = await operations.SweepAsync(cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"documents deleted: {swept.Documents:#,0}\nviews written down: {swept.Views:#,0}"));
        });
        return command;
    }
}
