using System.CommandLine;

namespace LmPlayground.Web.Cli;

/// <summary>
/// <c>trace</c>: runs chains over logits that are read as JSON lines, and prints what each stage kept, removed and did to the entropy, and
/// the token that is drawn. Any other implementation can be compared with ours.
/// </summary>
internal static class TraceCommand
{
    internal static Command Create(TextReader? input = null)
    {
        var command = new Command("trace", "Read JSON lines with logits and a chain of stages; print what each stage did and the draw.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var reader = input ?? new StreamReader(Console.OpenStandardInput());
            var output = parsed.InvocationConfiguration.Output;
            for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
            {
                if (string.IsNullOrWhiteSpace(line))
                    continue;
                try
                {
                    await output.WriteLineAsync(TraceLine.Run(line));
                }
                catch (Exception exception) when (exception is TraceInputException or ArgumentException or InvalidOperationException or Sampling.InvalidLogitsException)
                {
                    throw new CommandLineException($"line {number}: {exception.Message}");
                }
            }

            await output.FlushAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }
}
