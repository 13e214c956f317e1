using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LmPlayground.Demos;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos list</c>: every demo and what is left of others, without a word of what is in them but their titles.</summary>
internal static class DemosListCommand
{
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON object a demo." };

    internal static Command Create()
    {
        var command = new Command("list", "List the shared demos, the newest first.");
        command.Options.Add(AsJson);
        command.Lists(AsJson, async (parsed, store, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(AsJson))
            {
                await store.ListAllAsync(demo => output.WriteLineAsync(Json(demo)), cancellationToken);
                return;
            }

            await output.WriteLineAsync(Row("created", "ends", "state", "views", "reports", "kind", "hash of the id".PadRight(2 * Hash256.Length), "title"));
            await store.ListAllAsync(demo => output.WriteLineAsync(Text(demo)), cancellationToken);
        });
        return command;
    }

    private static string Text(KeptDemo demo) => Row(
        DemoWork.Day(demo.CreatedAt), demo.ExpiresAt is { } end ? DemoWork.Day(end) : "never", StateOf(demo.State), Number(demo.Views), Number(demo.Reports),
        demo.Kind.Length > 0 ? TerminalWriter.Name(demo.Kind) : "-", demo.IdHash.ToString(), TerminalWriter.Name(demo.Title));

    private static string Row(string created, string ends, string state, string views, string reports, string kind, string hash, string title) =>
        $"{created,-10}  {ends,-10}  {state,-7}  {views,6}  {reports,7}  {kind,-10}  {hash}  {title}".TrimEnd();

    private static string Json(KeptDemo demo) => JsonSerializer.Serialize(
        new Line(
            demo.IdHash.ToString(), demo.DocumentHash?.ToString(), demo.Title, demo.Kind, demo.IsEncrypted, StateOf(demo.State), demo.IsInGallery,
            DemoWork.Time(demo.CreatedAt), TimeOf(demo.ExpiresAt), TimeOf(demo.RevokedAt), demo.Views, demo.Reports, demo.Bytes),
        RunJsonLines.Json);

    private static string StateOf(LinkState state) => state.ToString().ToLowerInvariant();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? TimeOf(DateTimeOffset? at) => at is { } time ? DemoWork.Time(time) : null;

    private sealed record Line(
        string IdHash, string? DocumentHash, string Title, string Kind, bool IsEncrypted, string State, bool IsInGallery,
        string Created, string? Ends, string? Revoked, long Views, int Reports, long Bytes);
}
