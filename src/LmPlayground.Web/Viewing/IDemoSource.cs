using LmPlayground.Demos;

namespace LmPlayground.Web.Viewing;

/// <summary>Where shared demos are found.</summary>
public interface IDemoSource
{
    /// <summary>What is known of a demo: never an exception for one that is not there.</summary>
    /// <param name="id">The id of the address.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    Task<DemoFinding> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>How a demo is now: what was made of it is handed out only while this is what it was. Null if it is not there, or no longer.</summary>
    /// <param name="id">The id of the address.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    Task<DemoState?> StateAsync(string id, CancellationToken cancellationToken);

    /// <summary>Somebody has opened a demo that was found.</summary>
    /// <param name="id">The id of the address.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task ViewedAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Keeps what a visitor reports about a demo.</summary>
    /// <param name="id">The id of the address.</param>
    /// <param name="text">What the visitor says.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False if there is no such demo, or no longer.</returns>
    Task<bool> ReportAsync(string id, string text, CancellationToken cancellationToken) => Task.FromResult(false);
}

/// <summary>Whether a demo can be shown.</summary>
public enum DemoPresence
{
    /// <summary>There is none of this id, and there never was one that is remembered.</summary>
    Unknown,

    /// <summary>It is there.</summary>
    Found,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its owner took it back.</summary>
    Revoked,

    /// <summary>The operator of the server ended it.</summary>
    Killed,
}

/// <summary>What is known of a demo.</summary>
/// <param name="Presence">Whether it can be shown.</param>
public sealed record DemoFinding(DemoPresence Presence)
{
    /// <summary>Its title; all that stays of one that has expired or was revoked.</summary>
    public string Title { get; init; } = "";

    /// <summary>The document, compressed; empty unless it is there.</summary>
    public ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>Whether a browser encrypted it: nobody without its key can read it, this server neither.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Whether it comes with the program, and is nobody's.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>How the document is compressed: "br", "gzip" or "none".</summary>
    public string Codec { get; init; } = "br";

    /// <summary>When its time is over; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What of it can become another.</summary>
    internal DemoState State => new(Title, Expires);
}
