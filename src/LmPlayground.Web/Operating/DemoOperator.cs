using LmPlayground.Demos;
using LmPlayground.Demos.Storing;
using LmPlayground.Web.Sharing;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Operating;

/// <summary>The way of a second process to a server's demos: to read them beside it, and to change them itself or through it.</summary>
/// <param name="place">Where they are.</param>
/// <param name="options">What a store takes.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">For the store.</param>
internal sealed class DemoOperator(DemoPlace place, IOptions<DemoStoreOptions> options, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan Knock = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The demos, to be read. A server may run meanwhile.</summary>
    internal async Task<IDemoStore> ReadAsync(CancellationToken cancellationToken) =>
        await DemoStore.OpenAsync(place.ToRead, options.Value, time, loggers.CreateLogger<DemoStore>(), cancellationToken);

    /// <summary>The demos, to be changed: by this process if nobody holds them, else by who does.</summary>
    /// <exception cref="DemoStoreException">Who holds them does not open.</exception>
    internal async Task<IDemoOperations> ChangeAsync(CancellationToken cancellationToken)
    {
        // Who holds them may be a server that opens its door in a moment, or another command that is done in one.
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new StoreOperations(await DemoStore.OpenAsync(place.Location, options.Value, time, loggers.CreateLogger<DemoStore>(), cancellationToken));
            }
            catch (DemoStoreException error) when (error.Code == "demos.in_use" && place.Folder is not null)
            {
                if (await DoorClient.ConnectAsync(place.Folder, Knock, cancellationToken) is { } client)
                    return client;
                if (time.GetElapsedTime(begun) > Patience)
                {
                    throw new DemoStoreException(
                        "demos.door_closed",
                        $"Another process holds the demos in {place.Folder} and does not open to commands: try again when it has ended.", error);
                }
            }
        }
    }
}
