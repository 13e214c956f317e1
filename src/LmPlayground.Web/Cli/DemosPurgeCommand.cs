using System.CommandLine;
using System.Globalization;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos purge</c>: forgets what is left of demos that ended long ago.</summary>
internal static class DemosPurgeCommand
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    private static readonly Option<string> EndedBefore = new("--ended-before")
    {
        Description = "A day such as 2026-01-31, or a time such as 2026-01-31T18:00Z: what ended before it is forgotten. UTC unless it says otherwise.",
        Required = true,
    };

    internal static Command Create()
    {
        var command = new Command("purge", "Forget what is left of demos that have expired or were revoked: title, dates, views, reports. What works stays.");
        command.Options.Add(EndedBefore);
        command.Changes(async (parsed, open, cancellationToken) =>
        {
            var before = Read(parsed.GetRequiredValue(EndedBefore));
            await using var operations = await open();
            var forgotten = await operations.PurgeAsync(before, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"ended demos forgotten: {forgotten:#,0}"));
        });
        return command;
    }

    private static DateTimeOffset Read(string text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CommandLineException($"{EndedBefore.Name} is '{text}'; it must be a day such as 2026-01-31, or a time such as 2026-01-31T18:00Z.");
}
