using System.CommandLine;

namespace LmPlayground.Web.Cli;

/// <summary>
/// <c>trace</c>: runs chains over logits that are read as JSON lines, and prints what each stage kept, removed and did to the entropy, and
/// the token that is drawn. Any other implementation can be compared with ours.
/// </summary>
internal static class TraceCommand
{
    internal static Command Create()
    {
        var command = new Command("trace", "Read JSON lines with logits and a chain of stages; print what each stage did and the draw.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            await JsonLines.ForEachAsync(line => output.WriteLine(TraceLine.Run(line)), cancellationToken);
            await output.FlushAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }
}
