using LmPlayground.Demos.Databases;
using Microsoft.EntityFrameworkCore;

namespace LmPlayground.Demos.Storing;

/// <summary>What is done from time to time.</summary>
internal static class Sweeping
{
    /// <summary>How many documents are deleted in one transaction, so that nobody who saves waits long.</summary>
    internal const int Batch = 100;

    internal static async Task<int> DeleteDocumentsAsync(DemoContext context, DateTimeOffset now, CancellationToken cancellation)
    {
        var ended = await context.Demos
            .Where(demo => (demo.RevokedAt != null || demo.ExpiresAt <= now) && demo.Document != null)
            .OrderBy(demo => demo.IdHash).Take(Batch).ToListAsync(cancellation).ConfigureAwait(false);
        foreach (var row in ended)
        {
            row.StoredBytes = DemoRow.BytesOfRow;
            row.GalleryId = null;
            await context.Documents.Where(document => document.IdHash == row.IdHash).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        }

        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return ended.Count;
    }

    internal static async Task<bool> AddViewsAsync(DemoContext context, IReadOnlyList<KeyValuePair<Hash256, long>> views, CancellationToken cancellation)
    {
        foreach (var (id, count) in views)
        {
            await context.Demos.Where(demo => demo.IdHash == id)
                .ExecuteUpdateAsync(demo => demo.SetProperty(row => row.Views, row => row.Views + count), cancellation).ConfigureAwait(false);
        }

        return true;
    }

    internal static async Task<int> PurgeAsync(DemoContext context, DateTimeOffset now, DateTimeOffset endedBefore, CancellationToken cancellation)
    {
        // An expired demo may come back with its link; nothing of it needs to stay. Documents and reports go with it.
        var expired = await context.Demos
            .Where(demo => demo.RevokedAt == null && demo.ExpiresAt <= now && demo.ExpiresAt < endedBefore)
            .ExecuteDeleteAsync(cancellation).ConfigureAwait(false);

        var revoked = context.Demos.Where(demo => demo.RevokedAt < endedBefore && demo.OwnerHash != null);
        await context.Reports.Where(report => revoked.Any(demo => demo.IdHash == report.IdHash)).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        await context.Documents.Where(document => revoked.Any(demo => demo.IdHash == document.IdHash)).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        return expired + await revoked
            .ExecuteUpdateAsync(
                demo => demo
                    .SetProperty(row => row.OwnerHash, (Hash256?)null)
                    .SetProperty(row => row.DocumentHash, (Hash256?)null)
                    .SetProperty(row => row.Generation, 0)
                    .SetProperty(row => row.Title, "")
                    .SetProperty(row => row.Kind, "")
                    .SetProperty(row => row.IsEncrypted, false)
                    .SetProperty(row => row.CreatedAt, row => row.RevokedAt!.Value)
                    .SetProperty(row => row.ExpiresAt, (DateTimeOffset?)null)
                    .SetProperty(row => row.Views, 0L)
                    .SetProperty(row => row.Reports, 0)
                    .SetProperty(row => row.GalleryId, (string?)null)
                    .SetProperty(row => row.StoredBytes, (long)DemoRow.BytesOfRow),
                cancellation).ConfigureAwait(false);
    }
}
