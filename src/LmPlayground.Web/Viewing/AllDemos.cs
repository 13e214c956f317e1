using LmPlayground.Demos;
using LmPlayground.Web.Sharing;

namespace LmPlayground.Web.Viewing;

/// <summary>The recorded demos of the gallery, and those of this server's store.</summary>
/// <param name="recorded">The recorded ones.</param>
/// <param name="stored">The stored ones.</param>
internal sealed class AllDemos(RecordedDemos recorded, StoredDemos stored) : IDemoSource
{
    /// <inheritdoc/>
    public Task<DemoFinding> FindAsync(string id, CancellationToken cancellationToken) => recorded.Find(id) is { } demo
        ? Task.FromResult(new DemoFinding(DemoPresence.Found) { Title = demo.Title, Document = RecordedDemos.Read(demo), Codec = RecordedDemos.Codec, IsRecorded = true })
        : stored.FindAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<DemoState?> StateAsync(string id, CancellationToken cancellationToken) => recorded.Find(id) is { } demo
        ? Task.FromResult<DemoState?>(new DemoState(demo.Title, null))
        : stored.StateAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task ViewedAsync(string id, CancellationToken cancellationToken) =>
        recorded.Find(id) is null ? stored.ViewedAsync(id, cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<bool> ReportAsync(string id, string text, CancellationToken cancellationToken) =>
        recorded.Find(id) is null ? stored.ReportAsync(id, text, cancellationToken) : Task.FromResult(false);
}
