using LmPlayground.Sharing.Document;

namespace LmPlayground.Web.Sharing;

/// <summary>Opens shared demos: the one way from an address to a document, and to the words for one that cannot be shown.</summary>
public interface IDemoOpener
{
    /// <summary>Opens a demo: never an exception for one that is not there or cannot be read.</summary>
    /// <param name="id">The id of the address.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<OpenedDemo> OpenAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A demo, or why there is none.</summary>
/// <param name="Status">The status of the answer: 200, or what says why not.</param>
public sealed record OpenedDemo(int Status)
{
    /// <summary>Its title; all that stays of one that has expired or was revoked.</summary>
    public string Title { get; init; } = "";

    /// <summary>Why it cannot be shown, in the reader's words; empty where it can.</summary>
    public string Sentence { get; init; } = "";

    /// <summary>The demo; null where it cannot be shown.</summary>
    public SharedDemo? Demo { get; init; }

    /// <summary>Its document, byte for byte.</summary>
    public byte[] Document { get; init; } = [];

    /// <summary>Whether a browser encrypted it: <see cref="Document"/> is then what it sent, and shown where its key is.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Whether it comes with the program.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>Whether it is there, even if it cannot be read here.</summary>
    public bool IsThere => Status is StatusCodes.Status200OK or StatusCodes.Status422UnprocessableEntity;

    /// <summary>When its time is over; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
