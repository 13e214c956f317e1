using LmPlayground.Demos;

namespace LmPlayground.Web.Operating;

/// <summary>What an operator changes, in a store of this process or through the server that holds it. Errors are <see cref="DemoStoreException"/>.</summary>
internal interface IDemoOperations : IAsyncDisposable
{
    /// <summary>Reads an export, wholly or not at all.</summary>
    Task<DemoImport> ImportAsync(Stream from, CancellationToken cancellationToken);

    /// <summary>Ends every link to a document, and blocks it.</summary>
    Task<KilledDemo> KillAsync(DemoTarget target, CancellationToken cancellationToken);

    /// <summary>Lets a blocked document be saved again, and says whether it was blocked.</summary>
    Task<bool> AllowAsync(DemoTarget target, CancellationToken cancellationToken);

    /// <summary>Forgets what ended before a time, and says how many that were.</summary>
    Task<int> PurgeAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken);

    /// <summary>Deletes the documents of what has ended, and writes views down.</summary>
    Task<DemoSweep> SweepAsync(CancellationToken cancellationToken);
}
