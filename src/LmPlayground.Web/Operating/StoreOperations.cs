using LmPlayground.Demos;

namespace LmPlayground.Web.Operating;

/// <summary>An operator's changes in a store of this process.</summary>
/// <param name="store">The store, which is closed with this.</param>
/// <param name="changed">Learns of each link that ended, by the hash of its id: whoever keeps what it showed forgets it.</param>
internal sealed class StoreOperations(IDemoStore store, Action<Hash256>? changed = null) : IDemoOperations
{
    /// <inheritdoc/>
    public Task<DemoImport> ImportAsync(Stream from, CancellationToken cancellationToken) => store.ImportAsync(from, cancellationToken);

    /// <inheritdoc/>
    public async Task<KilledDemo> KillAsync(DemoTarget target, CancellationToken cancellationToken)
    {
        var killed = target.Id is { } id ? await store.KillAsync(id, cancellationToken) : await store.KillAsync(target.Hash, cancellationToken);
        foreach (var link in killed.Links)
            changed?.Invoke(link);
        return killed;
    }

    /// <inheritdoc/>
    public Task<bool> AllowAsync(DemoTarget target, CancellationToken cancellationToken) =>
        target.Id is { } id ? store.AllowAsync(id, cancellationToken) : store.AllowAsync(target.Hash, cancellationToken);

    /// <inheritdoc/>
    public Task<int> PurgeAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) => store.PurgeAsync(endedBefore, cancellationToken);

    /// <inheritdoc/>
    public Task<DemoSweep> SweepAsync(CancellationToken cancellationToken) => store.SweepAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();
}
