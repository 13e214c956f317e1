using LmPlayground.Demos.Databases;
using Microsoft.EntityFrameworkCore;

namespace LmPlayground.Demos.Storing;

/// <summary>What an owner does with links.</summary>
internal static class Owning
{
    private const int MaxListed = 1000;

    internal static async Task<IReadOnlyList<OwnedDemo>> ListAsync(
        DemoContext context, OwnerSecret owner, ViewCounter views, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = await context.Demos.Where(demo => demo.OwnerHash == owner.Hash)
            .OrderByDescending(demo => demo.CreatedAt).ThenBy(demo => demo.IdHash).Take(MaxListed).ToListAsync(cancellation).ConfigureAwait(false);
        return [.. rows.Where(row => row.DocumentHash is not null && owner.Owns(row.OwnerHash)).Select(Show)];

        // The store has no ids; who has the secret computes them.
        OwnedDemo Show(DemoRow row) => new(
            DemoId.Of(owner, row.DocumentHash!.Value, row.Generation), row.Title, row.Kind, row.IsEncrypted, row.CreatedAt, row.ExpiresAt,
            row.RevokedAt, row.ByOperator, row.Views + views.Of(row.IdHash), row.IsOver(now));
    }

    internal static async Task RenameAsync(DemoContext context, OwnerSecret owner, DemoId id, string title, CancellationToken cancellation)
    {
        var row = await FindAsync(context, owner, id, cancellation).ConfigureAwait(false);
        if (row.ByOperator)
            throw Over(row);
        row.Title = title;
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }

    internal static async Task RevokeAsync(DemoContext context, OwnerSecret owner, DemoId id, DateTimeOffset now, CancellationToken cancellation)
    {
        var row = await FindAsync(context, owner, id, cancellation).ConfigureAwait(false);
        if (row.RevokedAt is not null)
            return;
        row.RevokedAt = DemoClock.RoundDown(now);
        row.GalleryId = null;
        row.StoredBytes = DemoRow.BytesOfRow;
        await context.Documents.Where(document => document.IdHash == row.IdHash).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }

    internal static async Task<DateTimeOffset?> SetExpiryAsync(
        DemoContext context, OwnerSecret owner, DemoId id, DemoLifetime lifetime, DateTimeOffset now, CancellationToken cancellation)
    {
        var row = await FindAsync(context, owner, id, cancellation).ConfigureAwait(false);
        if (row.IsOver(now))
            throw Over(row);
        row.ExpiresAt = lifetime.EndFrom(now);
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return row.ExpiresAt;
    }

    private static async Task<DemoRow> FindAsync(DemoContext context, OwnerSecret owner, DemoId id, CancellationToken cancellation)
    {
        var hash = id.Hash;
        var row = await context.Demos.SingleOrDefaultAsync(demo => demo.IdHash == hash, cancellation).ConfigureAwait(false);

        // A link of somebody else is told like one that nobody has.
        return row is not null && owner.Owns(row.OwnerHash)
            ? row
            : throw new DemoStoreException(
                "demos.not_yours", $"This browser has no such link: the browser that made it can change it, or one that has its edit link.");
    }

    private static DemoStoreException Over(DemoRow row) => row switch
    {
        { ByOperator: true } => new("demos.killed", $"The operator of this server has ended this link, and it stays so."),
        { RevokedAt: not null } => new("demos.revoked", $"This link was revoked and stays so: share the document anew for another."),
        _ => new("demos.expired", $"This link has expired: share the document anew, and it works again."),
    };
}
