namespace LmPlayground.Demos;

/// <summary>One of an owner's links.</summary>
/// <param name="Id">What stands in the link.</param>
/// <param name="Title">The title.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="IsEncrypted">Whether the browser encrypted it.</param>
/// <param name="CreatedAt">When it was saved, to the hour.</param>
/// <param name="ExpiresAt">When the link ends or has ended; null is never.</param>
/// <param name="RevokedAt">When it was revoked, to the hour; null if it was not.</param>
/// <param name="ByOperator">Whether the operator revoked it.</param>
/// <param name="Views">How often it was opened.</param>
/// <param name="IsOver">Whether it has expired or was revoked.</param>
public sealed record OwnedDemo(
    DemoId Id, string Title, string Kind, bool IsEncrypted, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt, bool ByOperator, long Views, bool IsOver);

/// <summary>A demo that everybody may find, and which therefore has its id in the store.</summary>
/// <param name="Id">What stands in its link.</param>
/// <param name="Title">The title.</param>
/// <param name="Kind">What it shows.</param>
public sealed record GalleryDemo(DemoId Id, string Title, string Kind);

/// <summary>A demo as its operator sees it in a list, or what is left of one.</summary>
/// <param name="IdHash">The hash of its id: the store has no more.</param>
/// <param name="DocumentHash">The hash of its document; null once it is forgotten.</param>
/// <param name="Title">The title.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="IsEncrypted">Whether the browser encrypted it.</param>
/// <param name="State">What its link does.</param>
/// <param name="IsInGallery">Whether it is in the gallery.</param>
/// <param name="CreatedAt">When it was saved, to the hour.</param>
/// <param name="ExpiresAt">When its link ends or has ended; null is never.</param>
/// <param name="RevokedAt">When it was revoked, to the hour; null if it was not.</param>
/// <param name="Views">How often it was opened, as far as that is written down.</param>
/// <param name="Reports">How often it was reported.</param>
/// <param name="Bytes">How many bytes it takes.</param>
public sealed record KeptDemo(
    Hash256 IdHash, Hash256? DocumentHash, string Title, string Kind, bool IsEncrypted, LinkState State, bool IsInGallery,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, long Views, int Reports, long Bytes);

/// <summary>What a link does.</summary>
public enum LinkState
{
    /// <summary>It opens the demo.</summary>
    Works,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its owner has revoked it.</summary>
    Revoked,

    /// <summary>The operator has ended it.</summary>
    Killed,
}

/// <summary>What the operator's switch has ended.</summary>
/// <param name="DocumentHash">The document, which nobody can save now.</param>
/// <param name="Links">The hashes of the ids of its links that worked until now.</param>
public sealed record KilledDemo(Hash256 DocumentHash, IReadOnlyList<Hash256> Links);

/// <summary>A demo that visitors reported to the operator.</summary>
/// <param name="IdHash">The hash of its id: the store has no more. <see cref="IDemoStore.InspectAsync"/> shows the demo.</param>
/// <param name="DocumentHash">The hash of its document, by which <see cref="IDemoStore.KillAsync(Hash256, CancellationToken)"/> ends it.</param>
/// <param name="Title">The title.</param>
/// <param name="Count">How often it was reported.</param>
/// <param name="Reports">What the first of them wrote.</param>
public sealed record ReportedDemo(Hash256 IdHash, Hash256 DocumentHash, string Title, int Count, IReadOnlyList<DemoReport> Reports);

/// <summary>What a visitor reported.</summary>
/// <param name="At">When, to the hour.</param>
/// <param name="Text">What the visitor wrote.</param>
public sealed record DemoReport(DateTimeOffset At, string Text);

/// <summary>What a sweep did.</summary>
/// <param name="Documents">How many documents it deleted.</param>
/// <param name="Views">How many views it wrote down.</param>
public sealed record DemoSweep(int Documents, long Views);

/// <summary>What an import did.</summary>
/// <param name="Added">How many demos came in.</param>
/// <param name="Kept">How many were here already and stayed as they are, or may not come back.</param>
public sealed record DemoImport(int Added, int Kept);
