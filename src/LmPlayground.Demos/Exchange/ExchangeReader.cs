using System.Text.Json;
using LmPlayground.Demos.Databases;
using Microsoft.EntityFrameworkCore;

namespace LmPlayground.Demos.Exchange;

/// <summary>Reads lines of JSON into a store, in the transaction of the caller, and believes none of them.</summary>
internal sealed class ExchangeReader(DemoContext context, DemoStoreOptions options)
{
    // What a line has beside its document.
    private const int MaxOther = 16 << 10;

    // So many rows are written at a time.
    private const int Batch = 100;

    private readonly HashSet<Hash256> _added = [];
    private int _kept;

    internal async Task<DemoImport> ReadAsync(Stream from, CancellationToken cancellation)
    {
        var number = 0L;
        var ended = false;
        await foreach (var bytes in BoundedLines.ReadAsync(from, MaxOther + 4L * ((options.MaxDocumentBytes + 2) / 3), cancellation).ConfigureAwait(false))
        {
            number++;
            if (ended)
                throw Fault(number, null);
            try
            {
                var line = JsonSerializer.Deserialize(bytes, ExchangeJson.Default.ExchangeLine);
                if (number == 1)
                    CheckFormat(line);
                else if (line is { End: { } end })
                    ended = end.Lines == number - 2 ? true : throw Cut();
                else
                    await AddAsync(line, number, cancellation).ConfigureAwait(false);
            }
            catch (JsonException error)
            {
                throw number == 1 ? NoExport(error) : Fault(number, error);
            }

            if (number % Batch == 0)
                await SaveAsync(cancellation).ConfigureAwait(false);
        }

        if (number == 0)
            throw NoExport(null);
        if (!ended)
            throw Cut();
        await SaveAsync(cancellation).ConfigureAwait(false);
        var total = await context.Demos.SumAsync(row => row.StoredBytes, cancellation).ConfigureAwait(false);
        return total <= options.MaxTotalBytes
            ? new DemoImport(_added.Count, _kept)
            : throw new DemoStoreException(
                "demos.import_too_large",
                $"This server has no room for all of the file: it would have {total} bytes then, and {options.MaxTotalBytes} are the most (Demos:MaxTotalBytes).");
    }

    private static void CheckFormat(ExchangeLine? line)
    {
        if (line?.Format != ExchangeLine.FormatName || line.Version is not >= 1)
            throw NoExport(null);
        if (line.Version > ExchangeLine.NewestVersion)
        {
            throw new DemoStoreException(
                "demos.import_newer",
                $"The file is of version {line.Version}, and this playground reads {ExchangeLine.NewestVersion} at most: it needs a newer playground.");
        }
    }

    private async Task SaveAsync(CancellationToken cancellation)
    {
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        context.ChangeTracker.Clear();
    }

    private async Task AddAsync(ExchangeLine? line, long number, CancellationToken cancellation)
    {
        switch (line)
        {
            case { Demo: { } demo, Report: null, Blocked: null }:
                await AddAsync(RowOf(demo, options) ?? throw Fault(number, null), cancellation).ConfigureAwait(false);
                break;
            case { Report: { } report, Demo: null, Blocked: null }:
                if (!Hash256.TryParse(report.IdHash, out var id) || Time(report.ReportedAt) is not { } reported)
                    throw Fault(number, null);
                if (_added.Contains(id))
                    context.Reports.Add(new ReportRow { IdHash = id, ReportedAt = reported, Content = StoredText.Report(report.Text) });
                break;
            case { Blocked: { } blocked, Demo: null, Report: null }:
                if (!Hash256.TryParse(blocked.DocumentHash, out var document) || Time(blocked.BlockedAt) is not { } at)
                    throw Fault(number, null);
                if (await context.Blocked.FindAsync([document], cancellation).ConfigureAwait(false) is null)
                    context.Blocked.Add(new BlockedRow { DocumentHash = document, BlockedAt = at });
                break;
            default:
                throw Fault(number, null);
        }
    }

    private async Task AddAsync(DemoRow row, CancellationToken cancellation)
    {
        var mayNot = row.Document is not null
            && await context.Blocked.AnyAsync(blocked => blocked.DocumentHash == row.DocumentHash, cancellation).ConfigureAwait(false);
        if (mayNot || !_added.Add(row.IdHash))
        {
            _kept++;
        }
        else if (await context.Demos.AnyAsync(demo => demo.IdHash == row.IdHash, cancellation).ConfigureAwait(false))
        {
            _added.Remove(row.IdHash);
            _kept++;
        }
        else
        {
            context.Demos.Add(row);
        }
    }

    private static DemoRow? RowOf(DemoLine line, DemoStoreOptions options)
    {
        if (!Hash256.TryParse(line.IdHash, out var id) || !TryHash(line.OwnerHash, out var owner) || !TryHash(line.DocumentHash, out var document)
            || Time(line.CreatedAt) is not { } created || line.Generation < 0 || line.Views < 0 || line.Reports < 0 || line.Kind.Length > 32
            || !StoredText.IsTitle(line.Title))
            return null;
        if ((line.ExpiresAt is { } expires && Time(expires) is null) || (line.RevokedAt is { } revoked && Time(revoked) is null))
            return null;

        // A demo that can be opened has a document, a codec, an owner; one that is over has none of the first two.
        var isWhole = line is { Document.Length: > 0, Codec.Length: > 0 and <= 32, Size: >= 0, RevokedAt: null } && owner is not null && document is not null;
        if (!isWhole && line is not { Document: null, Codec: null, Size: null })
            return null;
        if (!isWhole && line is { RevokedAt: null, ExpiresAt: null })
            return null;
        if (line.Document?.Length > options.MaxDocumentBytes)
            return null;
        if (line.GalleryId is { } gallery && !(DemoId.TryParse(gallery, out var galleryId) && galleryId.Hash == id))
            return null;
        return new DemoRow
        {
            IdHash = id,
            OwnerHash = owner,
            DocumentHash = document,
            Generation = line.Generation,
            Title = StoredText.Title(line.Title),
            Kind = StoredText.Title(line.Kind),
            IsEncrypted = line.IsEncrypted,
            CreatedAt = created,
            ExpiresAt = line.ExpiresAt is { } end ? Time(end) : null,
            RevokedAt = line.RevokedAt is { } ended ? Time(ended) : null,
            ByOperator = line.ByOperator,
            Views = line.Views,
            Reports = line.Reports,
            GalleryId = line.GalleryId,
            StoredBytes = DemoRow.BytesOfRow + (line.Document?.Length ?? 0),
            Document = isWhole ? new DocumentRow { IdHash = id, Codec = line.Codec!, Size = line.Size!.Value, Content = line.Document! } : null,
        };
    }

    private static bool TryHash(string? text, out Hash256? hash)
    {
        hash = Hash256.TryParse(text, out var parsed) ? parsed : null;
        return text is null || hash is not null;
    }

    private static DateTimeOffset? Time(long seconds) =>
        seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static DemoStoreException NoExport(Exception? error) => new("demos.import_no_export", $"This file is no export of demos.", error);

    private static DemoStoreException Cut() => new("demos.import_cut", $"The file ends too early: a part of it is missing. Nothing was imported.");

    private static DemoStoreException Fault(long line, Exception? error) =>
        new("demos.import_line", $"Line {line} of the file is damaged. Nothing was imported.", error);
}
