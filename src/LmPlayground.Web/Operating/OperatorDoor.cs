using System.IO.Pipes;
using System.Net.Sockets;
using System.Text.Json;
using LmPlayground.Demos;
using LmPlayground.Web.Sharing;

namespace LmPlayground.Web.Operating;

/// <summary>
/// Lets the operator change the demos while this server holds their file, which it does for itself alone: a command is done here for another process
/// of the same user of this machine. No network and no page reaches it.
/// </summary>
/// <param name="shelf">The store, once it is open.</param>
/// <param name="place">Where it is.</param>
/// <param name="logger">What went wrong; never what was said.</param>
internal sealed partial class OperatorDoor(DemoShelf shelf, DemoPlace place, ILogger<OperatorDoor> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Before the store is open this server does not hold the file; in PostgreSQL nobody does.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (place.Folder is not { } folder)
            return;
        var callers = new List<Task>();
        try
        {
            var store = await shelf.WhenOpen.WaitAsync(stoppingToken);
            var operations = new StoreOperations(store, shelf.Tell);
            var door = DoorPlace.Open(folder);
            while (true)
            {
                var came = await ComesAsync(door, stoppingToken);

                // The next one is open before this one can close: without any the door would be gone for a moment.
                var next = DoorPlace.Open(folder);
                callers.RemoveAll(caller => caller.IsCompleted);
                if (came)
                    callers.Add(ServeAsync(door, operations, folder, stoppingToken));
                else
                    await TurnAwayAsync(door, stoppingToken);
                door = next;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(callers);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            LogNoDoor(error.Message);
        }
    }

    private async Task<bool> ComesAsync(NamedPipeServerStream door, CancellationToken stoppingToken)
    {
        try
        {
            await door.WaitForConnectionAsync(stoppingToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            await door.DisposeAsync();
            throw;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SocketException)
        {
            LogTurnedAway(error.Message);
            return false;
        }
    }

    private static async Task TurnAwayAsync(NamedPipeServerStream door, CancellationToken stoppingToken)
    {
        // Whoever comes again and again must not keep this server busy.
        await door.DisposeAsync();
        await Task.Delay(Pause, stoppingToken);
    }

    private async Task ServeAsync(NamedPipeServerStream door, StoreOperations operations, string folder, CancellationToken stoppingToken)
    {
        await using var open = door;
        try
        {
            var request = JsonSerializer.Deserialize(await DoorFrames.ReadAsync(door, DoorFrames.Part, stoppingToken), DoorJson.Default.DoorRequest);
            await using var content = request?.Do == "import" ? await Spool.ReadAsync(new DoorStream(door), folder, stoppingToken) : null;

            // Who goes while it is done does not want it any more.
            using var wanted = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var gone = CancelWhenGoneAsync(door, wanted);
            var answer = await AnswerAsync(operations, request, content, wanted.Token);
            await DoorFrames.WriteAsync(door, JsonSerializer.SerializeToUtf8Bytes(answer, DoorJson.Default.DoorAnswer), stoppingToken);
            await gone.WaitAsync(stoppingToken);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidDataException or JsonException)
        {
            LogGone(error.Message);
        }
    }

    private async Task<DoorAnswer> AnswerAsync(StoreOperations operations, DoorRequest? request, Stream? content, CancellationToken cancellationToken)
    {
        try
        {
            switch (request)
            {
                case { Do: "import" }:
                    return new DoorAnswer { Imported = await operations.ImportAsync(content!, cancellationToken) };
                case { Do: "kill", Target: { } text } when DemoTarget.Read(text) is { } target:
                    var killed = await operations.KillAsync(target, cancellationToken);
                    return new DoorAnswer { Killed = new DoorKill(killed.DocumentHash.ToString(), [.. killed.Links.Select(link => link.ToString())]) };
                case { Do: "allow", Target: { } text } when DemoTarget.Read(text) is { } target:
                    return new DoorAnswer { Allowed = await operations.AllowAsync(target, cancellationToken) };
                case { Do: "purge", Before: { } before }:
                    return new DoorAnswer { Forgotten = await operations.PurgeAsync(before, cancellationToken) };
                case { Do: "sweep" }:
                    return new DoorAnswer { Swept = await operations.SweepAsync(cancellationToken) };
                default:
                    return Refuse("demos.door_unknown", "The server that holds the demos does not know this command: it is of another version.");
            }
        }
        catch (DemoStoreException error)
        {
            return Refuse(error.Code, error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailed(error);
            return Refuse("demos.door_failed", "The server that holds the demos failed; its log has the details.");
        }

        static DoorAnswer Refuse(string code, string words) => new() { Refused = new DoorRefusal(code, words) };
    }

    private static async Task CancelWhenGoneAsync(Stream door, CancellationTokenSource wanted)
    {
        try
        {
            _ = await door.ReadAsync(new byte[1], wanted.Token);
            await wanted.CancelAsync();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It went in another way, or the server stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The operator's door cannot be opened, so 'demos' commands change nothing while this server runs: {Reason}")]
    private partial void LogNoDoor(string reason);

    [LoggerMessage(LogLevel.Warning, "Somebody was turned away from the operator's door: {Reason}")]
    private partial void LogTurnedAway(string reason);

    [LoggerMessage(LogLevel.Information, "An operator's command was not done to its end: {Reason}")]
    private partial void LogGone(string reason);

    [LoggerMessage(LogLevel.Error, "An operator's command failed")]
    private partial void LogFailed(Exception error);
}
