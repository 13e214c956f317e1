namespace LmPlayground.Demos;

/// <summary>
/// Keeps shared demos. Every method throws <see cref="DemoStoreException"/> for what it refuses and for a database that cannot be reached,
/// is busy or has no room; what a method has changed is on the disk when its task has ended. Any number of callers may call at the same time.
/// </summary>
public interface IDemoStore : IAsyncDisposable
{
    /// <summary>
    /// Keeps a document. The same document of the same owner keeps its link, its title and the later of both ends; one that has expired comes
    /// back with its link; one that was revoked gets another.
    /// </summary>
    Task<SavedDemo> SaveAsync(OwnerSecret owner, NewDemo demo, CancellationToken cancellation = default);

    /// <summary>What is behind a link.</summary>
    Task<DemoLookup> FindAsync(DemoId id, CancellationToken cancellation = default);

    /// <summary>
    /// How a demo is now, without its document, as the database says it: whoever changed it, on this machine or another, what was acknowledged before
    /// this was asked is seen. Null if nothing works behind the link.
    /// </summary>
    Task<DemoState?> StateAsync(DemoId id, CancellationToken cancellation = default);

    /// <summary>What is behind a link of which only the hash is known: how an operator sees what was reported.</summary>
    Task<DemoLookup> InspectAsync(Hash256 idHash, CancellationToken cancellation = default);

    /// <summary>An owner's links, the newest first: at most the last 1,000.</summary>
    Task<IReadOnlyList<OwnedDemo>> ListAsync(OwnerSecret owner, CancellationToken cancellation = default);

    /// <summary>Gives an owner's demo another title; what is left of an ended one too.</summary>
    Task RenameAsync(OwnerSecret owner, DemoId id, string title, CancellationToken cancellation = default);

    /// <summary>Ends an owner's link for ever, and deletes its document. Revoking again changes nothing.</summary>
    Task RevokeAsync(OwnerSecret owner, DemoId id, CancellationToken cancellation = default);

    /// <summary>Sets when an owner's link ends, counted from now, and says when that is; null is never.</summary>
    Task<DateTimeOffset?> SetExpiryAsync(OwnerSecret owner, DemoId id, DemoLifetime lifetime, CancellationToken cancellation = default);

    /// <summary>
    /// Counts one view of a demo that was found, and never fails: views wait in memory for the next sweep. A crash loses those of the last minutes.
    /// </summary>
    void CountView(DemoId id);

    /// <summary>Keeps what a visitor reports about a demo; false if there is no such demo, or no longer.</summary>
    Task<bool> ReportAsync(DemoId id, string text, CancellationToken cancellation = default);

    /// <summary>The demos that were reported and still work, the most reported first.</summary>
    Task<IReadOnlyList<ReportedDemo>> ListReportsAsync(CancellationToken cancellation = default);

    /// <summary>Shows every demo that is kept, and what is left of others, the newest first: no document, one row in memory at a time.</summary>
    /// <returns>How many there were.</returns>
    Task<int> ListAllAsync(Func<KeptDemo, Task> show, CancellationToken cancellation = default);

    /// <summary>The operator's switch: ends every link to the document behind a link, and lets nobody save that document again.</summary>
    Task<KilledDemo> KillAsync(DemoId id, CancellationToken cancellation = default);

    /// <summary>
    /// The same by a hash: that of a link's id, as logs and lists have it, or else that of a document, which nobody needs to have saved yet.
    /// </summary>
    Task<KilledDemo> KillAsync(Hash256 hash, CancellationToken cancellation = default);

    /// <summary>Lets a document be saved again that was blocked. The links that ended stay so: their documents are gone.</summary>
    /// <returns>Whether it was blocked.</returns>
    Task<bool> AllowAsync(DemoId id, CancellationToken cancellation = default);

    /// <summary>The same by a hash, as <see cref="KillAsync(Hash256, CancellationToken)"/> takes it.</summary>
    /// <returns>Whether it was blocked.</returns>
    Task<bool> AllowAsync(Hash256 hash, CancellationToken cancellation = default);

    /// <summary>Shows a demo in the gallery, or takes it out.</summary>
    Task SetInGalleryAsync(DemoId id, bool shown, CancellationToken cancellation = default);

    /// <summary>The demos in the gallery that work, the oldest first.</summary>
    Task<IReadOnlyList<GalleryDemo>> ListGalleryAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Forgets what is left of demos that ended before a time. Of a revoked one the hash of its id stays, and nothing else: it must not come back
    /// to life when its document is shared anew.
    /// </summary>
    /// <returns>How many were forgotten.</returns>
    Task<int> PurgeAsync(DateTimeOffset endedBefore, CancellationToken cancellation = default);

    /// <summary>
    /// Deletes the documents of expired and revoked demos, which keep their titles, and writes down the views. To be called every
    /// <see cref="DemoStoreOptions.SweepInterval"/> by whoever runs the store; several may call it at once.
    /// </summary>
    Task<DemoSweep> SweepAsync(CancellationToken cancellation = default);

    /// <summary>Writes all that the store has, as of one moment and without keeping anybody waiting; the same content is the same bytes.</summary>
    /// <returns>How many demos were written.</returns>
    Task<int> ExportAsync(Stream to, CancellationToken cancellation = default);

    /// <summary>Reads what <see cref="ExportAsync"/> wrote, wholly or not at all. What is here already stays as it is.</summary>
    Task<DemoImport> ImportAsync(Stream from, CancellationToken cancellation = default);

    /// <summary>Copies the database into a new file, as of one moment, while the store works.</summary>
    Task BackupAsync(string file, CancellationToken cancellation = default);
}
