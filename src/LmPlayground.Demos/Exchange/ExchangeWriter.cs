using System.Runtime.CompilerServices;
using System.Text.Json;
using LmPlayground.Demos.Databases;
using Microsoft.EntityFrameworkCore;

namespace LmPlayground.Demos.Exchange;

/// <summary>Writes a store as lines of JSON, one document in memory at a time.</summary>
internal static class ExchangeWriter
{
    internal static async Task<int> WriteAsync(DemoContext context, Stream to, CancellationToken cancellation)
    {
        var lines = 0L;
        var demos = 0;
        await PutAsync(new ExchangeLine { Format = ExchangeLine.FormatName, Version = ExchangeLine.NewestVersion }).ConfigureAwait(false);
        await foreach (var row in Stream(context.Demos.Include(demo => demo.Document).OrderBy(demo => demo.IdHash)).ConfigureAwait(false))
        {
            await PutAsync(new ExchangeLine { Demo = LineOf(row) }).ConfigureAwait(false);
            lines++;
            demos++;
        }

        await foreach (var row in Stream(context.Reports.OrderBy(report => report.Id)).ConfigureAwait(false))
        {
            await PutAsync(new ExchangeLine { Report = new(row.IdHash.ToString(), row.ReportedAt.ToUnixTimeSeconds(), row.Content) }).ConfigureAwait(false);
            lines++;
        }

        await foreach (var row in Stream(context.Blocked.OrderBy(blocked => blocked.DocumentHash)).ConfigureAwait(false))
        {
            await PutAsync(new ExchangeLine { Blocked = new(row.DocumentHash.ToString(), row.BlockedAt.ToUnixTimeSeconds()) }).ConfigureAwait(false);
            lines++;
        }

        await PutAsync(new ExchangeLine { End = new(lines) }).ConfigureAwait(false);
        await to.FlushAsync(cancellation).ConfigureAwait(false);
        return demos;

        ConfiguredCancelableAsyncEnumerable<T> Stream<T>(IQueryable<T> rows) => rows.AsAsyncEnumerable().WithCancellation(cancellation);

        async Task PutAsync(ExchangeLine line)
        {
            await JsonSerializer.SerializeAsync(to, line, ExchangeJson.Default.ExchangeLine, cancellation).ConfigureAwait(false);
            await to.WriteAsync("\n"u8.ToArray(), cancellation).ConfigureAwait(false);
        }
    }

    private static DemoLine LineOf(DemoRow row) => new()
    {
        IdHash = row.IdHash.ToString(),
        OwnerHash = row.OwnerHash?.ToString(),
        DocumentHash = row.DocumentHash?.ToString(),
        Generation = row.Generation,
        Title = row.Title,
        Kind = row.Kind,
        IsEncrypted = row.IsEncrypted,
        CreatedAt = row.CreatedAt.ToUnixTimeSeconds(),
        ExpiresAt = row.ExpiresAt?.ToUnixTimeSeconds(),
        RevokedAt = row.RevokedAt?.ToUnixTimeSeconds(),
        ByOperator = row.ByOperator,
        Views = row.Views,
        Reports = row.Reports,
        GalleryId = row.GalleryId,
        Codec = row.Document?.Codec,
        Size = row.Document?.Size,
        Document = row.Document?.Content,
    };
}
