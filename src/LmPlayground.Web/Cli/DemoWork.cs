using System.CommandLine;
using System.Globalization;
using LmPlayground.Demos;
using LmPlayground.Web.Hosting;
using LmPlayground.Web.Operating;

namespace LmPlayground.Web.Cli;

/// <summary>What the commands about shared demos have in common: they read the store, or change it, with the server's options.</summary>
internal static class DemoWork
{
    /// <summary>A file that is named "-" is standard input or output.</summary>
    internal const string Standard = "-";

    /// <summary>Lets a command read the demos, beside a server or alone.</summary>
    internal static void Reads(this Command command, Func<ParseResult, IDemoStore, CancellationToken, Task> read) =>
        command.SetAction((parsed, cancellationToken) => TryAsync(
            parsed,
            async (demos, _) =>
            {
                await using var store = await demos.ReadAsync(cancellationToken);
                await read(parsed, store, cancellationToken);
            },
            cancellationToken));

    /// <summary>The same for a list, which is empty where nobody has shared anything yet.</summary>
    internal static void Lists(this Command command, Option<bool> asJson, Func<ParseResult, IDemoStore, CancellationToken, Task> read) =>
        command.SetAction((parsed, cancellationToken) => TryAsync(
            parsed,
            async (demos, output) =>
            {
                try
                {
                    await using var store = await demos.ReadAsync(cancellationToken);
                    await read(parsed, store, cancellationToken);
                }
                catch (DemoStoreException none) when (none.Code == "demos.none_here")
                {
                    if (!parsed.GetValue(asJson))
                        await output.WriteLineAsync(none.Message);
                }
            },
            cancellationToken));

    /// <summary>Lets a command change the demos, through the server if one holds them. It looks at its arguments first, and opens them then.</summary>
    internal static void Changes(this Command command, Func<ParseResult, Func<Task<IDemoOperations>>, CancellationToken, Task> change) =>
        command.SetAction((parsed, cancellationToken) =>
            TryAsync(parsed, (demos, _) => change(parsed, () => demos.ChangeAsync(cancellationToken), cancellationToken), cancellationToken));

    /// <summary>A day, as lists show it.</summary>
    internal static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A time to the second, as JSON has it.</summary>
    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whose fault a refusal is: what was asked for, or the state of things.</summary>
    internal static int ExitCodeOf(DemoStoreException error) =>
        error.Code.StartsWith("demos.import_", StringComparison.Ordinal)
        || error.Code is "demos.unknown" or "demos.none_here" or "demos.backup_exists" or "demos.backup_failed" or "demos.backup_elsewhere" or "demos.connection_string"
            ? ExitCodes.WrongInput
            : ExitCodes.Failure;

    private static async Task<int> TryAsync(ParseResult parsed, Func<DemoOperator, TextWriter, Task> work, CancellationToken cancellationToken)
    {
        await using var services = OperatorServices.Create();
        try
        {
            await work(services.GetRequiredService<DemoOperator>(), parsed.InvocationConfiguration.Output);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("Stopped: either all of it was done or nothing, which 'demos list' shows.");
            return ExitCodes.Interrupted;
        }
    }
}
