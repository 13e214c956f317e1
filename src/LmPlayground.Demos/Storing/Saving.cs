using LmPlayground.Demos.Databases;
using Microsoft.EntityFrameworkCore;

namespace LmPlayground.Demos.Storing;

/// <summary>Keeping a document, within the limits.</summary>
internal sealed class Saving(DemoStoreOptions options)
{
    private const int MaxName = 32;

    /// <summary>What can be refused without asking the database.</summary>
    internal NewDemo Check(NewDemo demo)
    {
        if (demo.Document.IsEmpty)
            throw new DemoStoreException("demos.document_empty", $"There is nothing to share.");
        if (demo.Document.Length > options.MaxDocumentBytes)
        {
            throw new DemoStoreException(
                "demos.document_too_large", $"This is too large to share: it has {demo.Document.Length} bytes, and {options.MaxDocumentBytes} are the most.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(demo.Size);
        CheckName(demo.Codec, nameof(demo.Codec));
        CheckName(demo.Kind, nameof(demo.Kind));
        CheckLifetime(demo.Lifetime ?? DemoLifetime.OfDays(options.DefaultDays));
        return demo with { Title = StoredText.Title(demo.Title) };
    }

    internal void CheckLifetime(DemoLifetime lifetime)
    {
        if (lifetime.Days is { } days ? options.EffectiveAllowedDays.Contains(days) : options.AllowForever)
            return;
        var allowed = string.Join(", ", options.EffectiveAllowedDays);
        throw lifetime.Days is null
            ? new DemoStoreException("demos.forever", $"This server keeps no link for ever. It keeps one for so many days: {allowed}.")
            : new DemoStoreException("demos.lifetime", $"A link cannot last {lifetime.Days} days here. It can last so many: {allowed}.");
    }

    internal async Task<SavedDemo> SaveAsync(DemoContext context, OwnerSecret owner, NewDemo demo, DateTimeOffset now, CancellationToken cancellation)
    {
        var state = await LookAsync(context, owner, demo.DocumentHash, now, cancellation).ConfigureAwait(false);
        if (state.IsBlocked)
            throw new DemoStoreException("demos.blocked", $"The operator of this server does not let this document be shared.");

        var (id, row) = await FindPlaceAsync(context, owner, demo.DocumentHash, state.LastGeneration, cancellation).ConfigureAwait(false);
        var end = (demo.Lifetime ?? DemoLifetime.OfDays(options.DefaultDays)).EndFrom(now);
        var works = row is not null && !row.IsOver(now);
        if (works)
        {
            // A link promised longer stays so long.
            row!.ExpiresAt = row.ExpiresAt is null || end is null ? null : row.ExpiresAt > end ? row.ExpiresAt : end;
        }
        else
        {
            CheckRoom(state, demo);
            if (row is null)
                context.Demos.Add(row = new DemoRow { IdHash = id.Hash, OwnerHash = owner.Hash, DocumentHash = demo.DocumentHash });
            Fill(row, demo, now, end);
            row.Generation = id.Generation;
        }

        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return new SavedDemo(id.Id, row!.ExpiresAt, works);
    }

    private static void Fill(DemoRow row, NewDemo demo, DateTimeOffset now, DateTimeOffset? end)
    {
        row.Title = demo.Title;
        row.Kind = demo.Kind;
        row.IsEncrypted = demo.IsEncrypted;
        row.CreatedAt = DemoClock.RoundDown(now);
        row.ExpiresAt = end;
        row.StoredBytes = DemoRow.BytesOfRow + demo.Document.Length;
        row.Document ??= new DocumentRow { IdHash = row.IdHash, Codec = "", Size = 0, Content = [] };
        row.Document.Codec = demo.Codec;
        row.Document.Size = demo.Size;
        row.Document.Content = demo.Document.ToArray();
    }

    // The first generation whose link was not revoked. The last one known is where to begin; one that was forgotten has its id's hash left.
    private static async Task<(GenerationId Id, DemoRow? Row)> FindPlaceAsync(
        DemoContext context, OwnerSecret owner, Hash256 document, int lastGeneration, CancellationToken cancellation)
    {
        for (var generation = lastGeneration; ; generation++)
        {
            var id = new GenerationId(DemoId.Of(owner, document, generation), generation);
            var row = await context.Demos.Include(demo => demo.Document)
                .SingleOrDefaultAsync(demo => demo.IdHash == id.Hash, cancellation).ConfigureAwait(false);
            if (row?.RevokedAt is null)
                return (id, row);
        }
    }

    // Writers wait for each other: what they must know is one question, which both databases understand in the same words.
    private static Task<StoreState> LookAsync(DemoContext context, OwnerSecret owner, Hash256 document, DateTimeOffset now, CancellationToken cancellation)
    {
        var (ownerHash, documentHash, seconds) = (owner.Hash.ToArray(), document.ToArray(), now.ToUnixTimeSeconds());
        return context.Database.SqlQuery<StoreState>(
            $"""
            SELECT
              EXISTS (SELECT 1 FROM blocked WHERE document_hash = {documentHash}) AS "IsBlocked",
              (SELECT COALESCE(MAX(generation), 0) FROM demos WHERE owner_hash = {ownerHash} AND document_hash = {documentHash}) AS "LastGeneration",
              (SELECT COUNT(*) FROM demos
                WHERE owner_hash = {ownerHash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > {seconds})) AS "OwnLinks",
              (SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS bigint) FROM demos) AS "StoredBytes"
            """).SingleAsync(cancellation);
    }

    private void CheckRoom(StoreState state, NewDemo demo)
    {
        if (state.OwnLinks >= options.MaxPerOwner)
            throw new DemoStoreException("demos.owner_full", $"You have {state.OwnLinks} links, which is the most: revoke one that you no longer need.");
        if (state.StoredBytes + DemoRow.BytesOfRow + demo.Document.Length > options.MaxTotalBytes)
            throw new DemoStoreException("demos.store_full", $"This server has no room for another link. Try again when older ones have expired.");
    }

    private static void CheckName(string name, string parameter)
    {
        if (name.Length is 0 or > MaxName || name.Any(symbol => symbol is <= ' ' or > '~'))
            throw new ArgumentException($"A name has 1 to {MaxName} letters, digits and signs of ASCII.", parameter);
    }

    private sealed record StoreState(bool IsBlocked, int LastGeneration, long OwnLinks, long StoredBytes);

    private readonly record struct GenerationId(DemoId Id, int Generation)
    {
        internal Hash256 Hash { get; } = Id.Hash;
    }
}
