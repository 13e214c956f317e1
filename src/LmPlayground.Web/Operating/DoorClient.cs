using System.IO.Pipes;
using System.Net.Sockets;
using System.Text.Json;
using LmPlayground.Demos;

namespace LmPlayground.Web.Operating;

/// <summary>An operator's changes through the server that holds the demos, one for each visit.</summary>
internal sealed class DoorClient : IDemoOperations
{
    private readonly NamedPipeClientStream _line;

    private DoorClient(NamedPipeClientStream line) => _line = line;

    /// <summary>Goes through the door of a folder; null if nobody has opened it within a time.</summary>
    /// <exception cref="DemoStoreException">The door is another user's.</exception>
    internal static async Task<DoorClient?> ConnectAsync(string folder, TimeSpan patience, CancellationToken cancellationToken)
    {
        var line = DoorPlace.Outside(folder);
        try
        {
            await line.ConnectAsync(patience, cancellationToken);
            return new DoorClient(line);
        }
        catch (Exception error) when (error is TimeoutException or IOException or ArgumentException)
        {
            await line.DisposeAsync();
            return null;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or SocketException)
        {
            await line.DisposeAsync();
            throw new DemoStoreException(
                "demos.door_refused", $"The server that holds the demos in {folder} runs as another user: give the command as that one.", error);
        }
    }

    /// <inheritdoc/>
    public async Task<DemoImport> ImportAsync(Stream from, CancellationToken cancellationToken) =>
        Answered((await AskAsync(new DoorRequest("import"), from, cancellationToken)).Imported);

    /// <inheritdoc/>
    public async Task<KilledDemo> KillAsync(DemoTarget target, CancellationToken cancellationToken)
    {
        var killed = Answered((await AskAsync(new DoorRequest("kill", target.ToString()), null, cancellationToken)).Killed);
        return new KilledDemo(HashOf(killed.Document), [.. killed.Links.Select(HashOf)]);
    }

    /// <inheritdoc/>
    public async Task<bool> AllowAsync(DemoTarget target, CancellationToken cancellationToken) =>
        Answered((await AskAsync(new DoorRequest("allow", target.ToString()), null, cancellationToken)).Allowed);

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) =>
        Answered((await AskAsync(new DoorRequest("purge", Before: endedBefore), null, cancellationToken)).Forgotten);

    /// <inheritdoc/>
    public async Task<DemoSweep> SweepAsync(CancellationToken cancellationToken) =>
        Answered((await AskAsync(new DoorRequest("sweep"), null, cancellationToken)).Swept);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private async Task<DoorAnswer> AskAsync(DoorRequest request, Stream? content, CancellationToken cancellationToken)
    {
        try
        {
            await DoorFrames.WriteAsync(_line, JsonSerializer.SerializeToUtf8Bytes(request, DoorJson.Default.DoorRequest), cancellationToken);
            if (content is not null)
                await DoorFrames.WriteStreamAsync(_line, content, cancellationToken);
            var answer = JsonSerializer.Deserialize(await DoorFrames.ReadAsync(_line, DoorFrames.Longest, cancellationToken), DoorJson.Default.DoorAnswer);
            return answer is { Refused: { } refused } ? throw new DemoStoreException(refused.Code, $"{refused.Words}") : answer ?? throw NoAnswer(null);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or JsonException)
        {
            throw NoAnswer(error);
        }
    }

    private static T Answered<T>(T? answer)
        where T : class => answer ?? throw NoAnswer(null);

    private static T Answered<T>(T? answer)
        where T : struct => answer ?? throw NoAnswer(null);

    private static Hash256 HashOf(string text) => Hash256.TryParse(text, out var hash) ? hash : throw NoAnswer(null);

    private static DemoStoreException NoAnswer(Exception? error) => new DemoStoreException(
        "demos.door_silent", $"The server that holds the demos went away before it answered: either all of it was done or nothing.", error);
}
