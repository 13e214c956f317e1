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
