namespace LmPlayground.Demos.Databases;

/// <summary>A demo, or what is left of it.</summary>
internal sealed class DemoRow
{
    /// <summary>What a row without a document counts, of the bytes that all demos may take.</summary>
    internal const int BytesOfRow = 512;

    public required Hash256 IdHash { get; init; }

    /// <summary>Null once it is forgotten.</summary>
    public Hash256? OwnerHash { get; set; }

    /// <summary>Null once it is forgotten.</summary>
    public Hash256? DocumentHash { get; set; }

    public int Generation { get; set; }

    public string Title { get; set; } = "";

    public string Kind { get; set; } = "";

    public bool IsEncrypted { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public bool ByOperator { get; set; }

    public long Views { get; set; }

    public int Reports { get; set; }

    /// <summary>The id itself, which only a demo in the gallery has: there it is public.</summary>
    public string? GalleryId { get; set; }

    public long StoredBytes { get; set; } = BytesOfRow;

    /// <summary>The document; null once it is deleted.</summary>
    public DocumentRow? Document { get; set; }

    internal bool IsOver(DateTimeOffset now) => RevokedAt is not null || ExpiresAt <= now;
}

/// <summary>A document: in a table of its own, so that lists never read it.</summary>
internal sealed class DocumentRow
{
    public required Hash256 IdHash { get; init; }

    public required string Codec { get; set; }

    /// <summary>How many bytes it has when it is opened.</summary>
    public required long Size { get; set; }

    public required byte[] Content { get; set; }
}

/// <summary>What a visitor reported about a demo.</summary>
internal sealed class ReportRow
{
    public long Id { get; init; }

    public required Hash256 IdHash { get; init; }

    public required DateTimeOffset ReportedAt { get; init; }

    public required string Content { get; init; }
}

/// <summary>A document that the operator lets nobody save.</summary>
internal sealed class BlockedRow
{
    public required Hash256 DocumentHash { get; init; }

    public required DateTimeOffset BlockedAt { get; init; }
}
