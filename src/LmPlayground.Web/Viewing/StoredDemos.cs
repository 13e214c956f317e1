using LmPlayground.Demos;
using LmPlayground.Web.Sharing;

namespace LmPlayground.Web.Viewing;

/// <summary>The demos of this server's store.</summary>
/// <param name="shelf">Where they are kept.</param>
internal sealed class StoredDemos(DemoShelf shelf) : IDemoSource
{
    /// <inheritdoc/>
    public async Task<DemoFinding> FindAsync(string id, CancellationToken cancellationToken) =>
        !DemoId.TryParse(id, out var parsed) ? new DemoFinding(DemoPresence.Unknown)
        : await (await shelf.OpenAsync(cancellationToken)).FindAsync(parsed, cancellationToken) switch
        {
            FoundDemo found => new DemoFinding(DemoPresence.Found)
            {
                Title = found.Title,
                Document = found.Document,
                Codec = found.Codec,
                IsEncrypted = found.IsEncrypted,
                Expires = found.ExpiresAt,
            },
            ExpiredDemo expired => new DemoFinding(DemoPresence.Expired) { Title = expired.Title },
            RevokedDemo revoked => new DemoFinding(revoked.ByOperator ? DemoPresence.Killed : DemoPresence.Revoked) { Title = revoked.Title },
            _ => new DemoFinding(DemoPresence.Unknown),
        };

    /// <inheritdoc/>
    public async Task<DemoState?> StateAsync(string id, CancellationToken cancellationToken) =>
        DemoId.TryParse(id, out var parsed) ? await (await shelf.OpenAsync(cancellationToken)).StateAsync(parsed, cancellationToken) : null;

    /// <inheritdoc/>
    public async Task ViewedAsync(string id, CancellationToken cancellationToken)
    {
        if (DemoId.TryParse(id, out var parsed))
            (await shelf.OpenAsync(cancellationToken)).CountView(parsed);
    }

    /// <inheritdoc/>
    public async Task<bool> ReportAsync(string id, string text, CancellationToken cancellationToken) =>
        DemoId.TryParse(id, out var parsed) && await (await shelf.OpenAsync(cancellationToken)).ReportAsync(parsed, text, cancellationToken);
}
