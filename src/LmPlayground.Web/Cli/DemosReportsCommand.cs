using System.CommandLine;
using System.Text.Json;
using LmPlayground.Demos;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos reports</c>: what visitors have reported and still works.</summary>
internal static class DemosReportsCommand
{
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON object a demo." };

    internal static Command Create()
    {
        var command = new Command("reports", "List the demos that visitors have reported and that still work, the most reported first.");
        command.Options.Add(AsJson);
        command.Lists(AsJson, async (parsed, store, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var reported = await store.ListReportsAsync(cancellationToken);
            if (parsed.GetValue(AsJson))
            {
                foreach (var demo in reported)
                    await output.WriteLineAsync(Json(demo));
                return;
            }

            if (reported.Count == 0)
                await output.WriteLineAsync("Nothing that still works has been reported.");
            foreach (var demo in reported)
                await WriteAsync(output, demo);
        });
        return command;
    }

    private static async Task WriteAsync(TextWriter output, ReportedDemo demo)
    {
        var times = demo.Count == 1 ? "once" : FormattableString.Invariant($"{demo.Count} times");
        await output.WriteLineAsync($"{demo.IdHash}  reported {times}  {TerminalWriter.Name(demo.Title)}".TrimEnd());
        foreach (var report in demo.Reports)
            await output.WriteLineAsync($"  {DemoWork.Day(report.At)}  {TerminalWriter.Name(report.Text)}");
        if (demo.Count > demo.Reports.Count)
            await output.WriteLineAsync(FormattableString.Invariant($"  and {demo.Count - demo.Reports.Count} more, of which only the number is kept"));
    }

    private static string Json(ReportedDemo demo) => JsonSerializer.Serialize(
        new Line(
            demo.IdHash.ToString(), demo.DocumentHash.ToString(), demo.Title, demo.Count,
            [.. demo.Reports.Select(report => new Report(DemoWork.Time(report.At), report.Text))]),
        RunJsonLines.Json);

    private sealed record Line(string IdHash, string DocumentHash, string Title, int Count, IReadOnlyList<Report> Reports);

    private sealed record Report(string At, string Text);
}
