namespace LmPlayground.Demos;

/// <summary>A document to be kept. The store never looks into it.</summary>
public sealed record NewDemo
{
    /// <summary>The SHA-256 of the document before it was compressed: what makes it the same document.</summary>
    public required Hash256 DocumentHash { get; init; }

    /// <summary>The document as it is kept: compressed, or encrypted.</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>What the document is to be opened with: "br". At most 32 letters, digits and signs of ASCII.</summary>
    public required string Codec { get; init; }

    /// <summary>How many bytes the document has when it is opened.</summary>
    public required long Size { get; init; }

    /// <summary>The title, which is all that stays of an expired or revoked demo.</summary>
    public required string Title { get; init; }

    /// <summary>What it shows: "run". At most 32 letters, digits and signs of ASCII.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether the browser encrypted it, so that nobody but who has the key can read it.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>How long its link works; null is as long as the store's options say.</summary>
    public DemoLifetime? Lifetime { get; init; }
}

/// <summary>A demo that is kept, whatever happens to the machine now.</summary>
/// <param name="Id">What stands in its link.</param>
/// <param name="ExpiresAt">When the link ends; null is never.</param>
/// <param name="WasThere">Whether this owner's link to this document worked already.</param>
public sealed record SavedDemo(DemoId Id, DateTimeOffset? ExpiresAt, bool WasThere);
