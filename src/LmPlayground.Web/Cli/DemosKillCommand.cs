using System.CommandLine;
using System.Globalization;
using LmPlayground.Web.Operating;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos kill</c>: the operator's switch.</summary>
internal static class DemosKillCommand
{
    private static readonly Argument<string> Target = new("demo") { Description = "A link, its id, the hash of the id as list shows it, or the hash of the document." };
    private static readonly Option<bool> Undo = new("--undo") { Description = "Let the document be shared again. Links that were ended stay so." };

    internal static Command Create()
    {
        var command = new Command("kill", "End every link to a demo at once, whoever made it, and let nobody share that document again.");
        command.Arguments.Add(Target);
        command.Options.Add(Undo);
        command.Changes(async (parsed, open, cancellationToken) =>
        {
            var target = Read(parsed.GetRequiredValue(Target));
            await using var operations = await open();
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(Undo))
            {
                await output.WriteLineAsync(await operations.AllowAsync(target, cancellationToken)
                    ? "The document can be shared again, by new links."
                    : "The document was not blocked.");
                return;
            }

            var killed = await operations.KillAsync(target, cancellationToken);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"links ended: {killed.Links.Count:#,0}\ndocument blocked: {killed.DocumentHash}"));
            foreach (var link in killed.Links)
                await output.WriteLineAsync($"  {link}");
        });
        return command;
    }

    private static DemoTarget Read(string text) =>
        DemoTarget.Read(text) ?? throw new CommandLineException(text.Contains("#d", StringComparison.Ordinal)
            ? "This link holds its demo in itself: the server has never seen it, and cannot end it."
            : $"'{text}' is no link to a demo, no id of one and no hash of 64 hexadecimal digits.");
}
