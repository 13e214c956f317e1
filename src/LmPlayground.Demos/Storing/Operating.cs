using LmPlayground.Demos.Databases;
using Microsoft.EntityFrameworkCore;

namespace LmPlayground.Demos.Storing;

/// <summary>What visitors tell the operator, and what the operator does.</summary>
internal static class Operating
{
    // Of more reports about one demo only the number is kept.
    private const int MaxReportsKept = 20;
    private const int MaxListed = 200;

    internal static async Task<bool> ReportAsync(DemoContext context, Hash256 idHash, string text, DateTimeOffset now, CancellationToken cancellation)
    {
        var row = await context.Demos.SingleOrDefaultAsync(demo => demo.IdHash == idHash, cancellation).ConfigureAwait(false);
        if (row is null || row.IsOver(now))
            return false;
        if (row.Reports++ < MaxReportsKept)
            context.Reports.Add(new ReportRow { IdHash = idHash, ReportedAt = DemoClock.RoundDown(now), Content = text });
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    internal static async Task<IReadOnlyList<ReportedDemo>> ListReportsAsync(DemoContext context, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = await context.Demos
            .Where(demo => demo.Reports > 0 && demo.RevokedAt == null && (demo.ExpiresAt == null || demo.ExpiresAt > now))
            .OrderByDescending(demo => demo.Reports).ThenBy(demo => demo.IdHash).Take(MaxListed)
            .Select(demo => new
            {
                Demo = demo,
                Reports = context.Reports.Where(report => report.IdHash == demo.IdHash).OrderBy(report => report.Id).ToList(),
            })
            .ToListAsync(cancellation).ConfigureAwait(false);
        return
        [
            .. rows.Select(row => new ReportedDemo(
                row.Demo.IdHash, row.Demo.DocumentHash!.Value, row.Demo.Title, row.Demo.Reports,
                [.. row.Reports.Select(report => new DemoReport(report.ReportedAt, report.Content))])),
        ];
    }

    internal static async Task<int> ListAllAsync(DemoContext context, Func<KeptDemo, Task> show, DateTimeOffset now, CancellationToken cancellation)
    {
        var count = 0;
        var rows = context.Demos.OrderByDescending(demo => demo.CreatedAt).ThenBy(demo => demo.IdHash);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellation).ConfigureAwait(false))
        {
            var state = row switch
            {
                { RevokedAt: not null, ByOperator: true } => LinkState.Killed,
                { RevokedAt: not null } => LinkState.Revoked,
                _ => row.IsOver(now) ? LinkState.Expired : LinkState.Works,
            };
            await show(new KeptDemo(
                row.IdHash, row.DocumentHash, row.Title, row.Kind, row.IsEncrypted, state, row.GalleryId is not null, row.CreatedAt, row.ExpiresAt,
                row.RevokedAt, row.Views, row.Reports, row.StoredBytes)).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    internal static async Task<Hash256> DocumentOfAsync(DemoContext context, DemoId id, CancellationToken cancellation) =>
        (await FindLinkAsync(context, id.Hash, cancellation).ConfigureAwait(false))?.DocumentHash ?? throw NoDemo();

    internal static async Task<Hash256> DocumentOfAsync(DemoContext context, Hash256 hash, CancellationToken cancellation)
    {
        // Of a link that is forgotten nobody knows the document any more: its hash is not to be taken for a document's.
        var link = await FindLinkAsync(context, hash, cancellation).ConfigureAwait(false);
        return link is null ? hash : link.DocumentHash ?? throw NoDemo();
    }

    internal static async Task<bool> AllowAsync(DemoContext context, Hash256 document, CancellationToken cancellation) =>
        await context.Blocked.Where(blocked => blocked.DocumentHash == document).ExecuteDeleteAsync(cancellation).ConfigureAwait(false) > 0;

    internal static async Task<KilledDemo> KillAsync(DemoContext context, Hash256 document, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!await context.Blocked.AnyAsync(blocked => blocked.DocumentHash == document, cancellation).ConfigureAwait(false))
        {
            context.Blocked.Add(new BlockedRow { DocumentHash = document, BlockedAt = DemoClock.RoundDown(now) });
            await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }

        await context.Documents
            .Where(content => context.Demos.Any(demo => demo.IdHash == content.IdHash && demo.DocumentHash == document))
            .ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        var working = await context.Demos
            .Where(demo => demo.DocumentHash == document && demo.RevokedAt == null && (demo.ExpiresAt == null || demo.ExpiresAt > now))
            .OrderBy(demo => demo.IdHash).Select(demo => demo.IdHash).ToListAsync(cancellation).ConfigureAwait(false);
        var at = DemoClock.RoundDown(now);
        await context.Demos.Where(demo => demo.DocumentHash == document)
            .ExecuteUpdateAsync(
                demo => demo
                    .SetProperty(row => row.RevokedAt, row => row.RevokedAt ?? at)
                    .SetProperty(row => row.ByOperator, true)
                    .SetProperty(row => row.Title, "")
                    .SetProperty(row => row.GalleryId, (string?)null)
                    .SetProperty(row => row.StoredBytes, (long)DemoRow.BytesOfRow),
                cancellation).ConfigureAwait(false);
        return new KilledDemo(document, working);
    }

    internal static async Task SetInGalleryAsync(DemoContext context, DemoId id, bool shown, DateTimeOffset now, CancellationToken cancellation)
    {
        var hash = id.Hash;
        var row = await context.Demos.SingleOrDefaultAsync(demo => demo.IdHash == hash, cancellation).ConfigureAwait(false);
        if (row is null || (shown && row.IsOver(now)))
            throw NoDemo();
        row.GalleryId = shown ? id.ToString() : null;
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }

    internal static async Task<IReadOnlyList<GalleryDemo>> ListGalleryAsync(DemoContext context, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = await context.Demos
            .Where(demo => demo.GalleryId != null && demo.RevokedAt == null && (demo.ExpiresAt == null || demo.ExpiresAt > now))
            .OrderBy(demo => demo.CreatedAt).ThenBy(demo => demo.IdHash).Take(MaxListed).ToListAsync(cancellation).ConfigureAwait(false);
        return [.. rows.Where(row => DemoId.TryParse(row.GalleryId, out _)).Select(Show)];

        static GalleryDemo Show(DemoRow row) => new(DemoId.TryParse(row.GalleryId, out var id) ? id : default, row.Title, row.Kind);
    }

    private static Task<DemoRow?> FindLinkAsync(DemoContext context, Hash256 idHash, CancellationToken cancellation) =>
        context.Demos.AsNoTracking().SingleOrDefaultAsync(demo => demo.IdHash == idHash, cancellation);

    private static DemoStoreException NoDemo() => new("demos.unknown", $"There is no demo behind this link.");
}
