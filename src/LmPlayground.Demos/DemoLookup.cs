namespace LmPlayground.Demos;

/// <summary>What is behind a link: one of the four below.</summary>
public abstract record DemoLookup
{
    private protected DemoLookup()
    {
    }
}

/// <summary>Nothing: nobody ever had this link, or nothing is left of it.</summary>
public sealed record UnknownDemo : DemoLookup
{
    internal static readonly UnknownDemo Instance = new();
}

/// <summary>A demo that has expired; its owner can share it anew.</summary>
/// <param name="Title">What stays of it.</param>
public sealed record ExpiredDemo(string Title) : DemoLookup;

/// <summary>A demo that was revoked.</summary>
/// <param name="Title">What stays of it; empty if the operator revoked it or its time was long ago.</param>
/// <param name="ByOperator">Whether the operator revoked it, not its owner.</param>
public sealed record RevokedDemo(string Title, bool ByOperator) : DemoLookup;

/// <summary>A demo, whole.</summary>
public sealed record FoundDemo : DemoLookup
{
    /// <summary>The document as it was saved, byte for byte.</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>What the document is to be opened with.</summary>
    public required string Codec { get; init; }

    /// <summary>How many bytes the document should have when it is opened: more are to be refused.</summary>
    public required long Size { get; init; }

    /// <summary>The SHA-256 of the document before it was compressed.</summary>
    public required Hash256 DocumentHash { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>What it shows.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether the browser encrypted it.</summary>
    public required bool IsEncrypted { get; init; }

    /// <summary>When it was saved, to the hour.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the link ends; null is never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What of it can become another.</summary>
    public DemoState State => new(Title, ExpiresAt);
}

/// <summary>
/// What can become another of a demo that works: a document, once it has a link, never changes. Whoever keeps something that was made of a demo
/// may use it as long as <see cref="IDemoStore.StateAsync"/> gives the same.
/// </summary>
/// <param name="Title">The title.</param>
/// <param name="ExpiresAt">When the link ends; null is never.</param>
public sealed record DemoState(string Title, DateTimeOffset? ExpiresAt);
