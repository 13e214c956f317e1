using LmPlayground.Demos.Databases;
using LmPlayground.Demos.Exchange;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Demos.Storing;

/// <summary>The store, over SQLite or PostgreSQL. Nothing of a document, title or report is ever logged.</summary>
public sealed partial class DemoStore : IDemoStore
{
    private readonly DemoDatabase _database;
    private readonly DemoStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Saving _saving;
    private readonly ViewCounter _views = new();

    private DemoStore(DemoDatabase database, DemoStoreOptions options, TimeProvider time, ILogger logger)
    {
        _database = database;
        _options = options;
        _time = time;
        _logger = logger;
        _saving = new Saving(options);
    }

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Opens a store; its database is made, or upgraded, first.</summary>
    public static Task<DemoStore> OpenAsync(
        DemoStoreLocation location, DemoStoreOptions options, TimeProvider time, ILogger<DemoStore> logger, CancellationToken cancellation = default)
    {
        DemoDatabase database = location switch
        {
            FolderLocation folder => new SqliteDatabase(folder),
            PostgresLocation postgres => new PostgresDatabase(postgres, logger),
            _ => throw new ArgumentOutOfRangeException(nameof(location)),
        };
        return OpenAsync(database, options, time, logger, cancellation);
    }

    internal static async Task<DemoStore> OpenAsync(
        DemoDatabase database, DemoStoreOptions options, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            await database.OpenAsync(cancellation).ConfigureAwait(false);
            return new DemoStore(database, options, time, logger);
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<SavedDemo> SaveAsync(OwnerSecret owner, NewDemo demo, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(demo);
        var clean = _saving.Check(demo);
        return WriteAsync(context => _saving.SaveAsync(context, owner, clean, Now, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<DemoLookup> FindAsync(DemoId id, CancellationToken cancellation = default) => InspectAsync(id.Hash, cancellation);

    /// <inheritdoc/>
    public async Task<DemoState?> StateAsync(DemoId id, CancellationToken cancellation = default)
    {
        var hash = id.Hash;
        var row = await ReadAsync(
            context => context.Demos.Where(demo => demo.IdHash == hash).Select(demo => new { demo.Title, demo.ExpiresAt, demo.RevokedAt })
                .SingleOrDefaultAsync(cancellation),
            cancellation).ConfigureAwait(false);
        return row is { RevokedAt: null } && !(row.ExpiresAt <= Now) ? new DemoState(row.Title, row.ExpiresAt) : null;
    }

    /// <inheritdoc/>
    public async Task<DemoLookup> InspectAsync(Hash256 idHash, CancellationToken cancellation = default)
    {
        var row = await ReadAsync(
            context => context.Demos.Include(demo => demo.Document).SingleOrDefaultAsync(demo => demo.IdHash == idHash, cancellation),
            cancellation).ConfigureAwait(false);
        return row switch
        {
            null => UnknownDemo.Instance,
            { RevokedAt: not null } => new RevokedDemo(row.Title, row.ByOperator),
            _ when row.IsOver(Now) || row.Document is null => new ExpiredDemo(row.Title),
            _ => new FoundDemo
            {
                Document = row.Document.Content,
                Codec = row.Document.Codec,
                Size = row.Document.Size,
                DocumentHash = row.DocumentHash!.Value,
                Title = row.Title,
                Kind = row.Kind,
                IsEncrypted = row.IsEncrypted,
                CreatedAt = row.CreatedAt,
                ExpiresAt = row.ExpiresAt,
            },
        };
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OwnedDemo>> ListAsync(OwnerSecret owner, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return ReadAsync(context => Owning.ListAsync(context, owner, _views, Now, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task RenameAsync(OwnerSecret owner, DemoId id, string title, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(title);
        var clean = StoredText.Title(title);
        return WriteAsync(context => Owning.RenameAsync(context, owner, id, clean, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task RevokeAsync(OwnerSecret owner, DemoId id, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return WriteAsync(context => Owning.RevokeAsync(context, owner, id, Now, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> SetExpiryAsync(OwnerSecret owner, DemoId id, DemoLifetime lifetime, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        _saving.CheckLifetime(lifetime);
        return WriteAsync(context => Owning.SetExpiryAsync(context, owner, id, lifetime, Now, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public void CountView(DemoId id) => _views.Add(id.Hash, 1);

    /// <inheritdoc/>
    public async Task<bool> ReportAsync(DemoId id, string text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = StoredText.Report(text);
        var hash = id.Hash;
        var kept = await _database.WriteAsync(
            context => Operating.ReportAsync(context, hash, clean, Now, cancellation), repeatable: false, cancellation).ConfigureAwait(false);
        if (kept)
            LogReported(hash);
        return kept;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReportedDemo>> ListReportsAsync(CancellationToken cancellation = default) =>
        ReadAsync(context => Operating.ListReportsAsync(context, Now, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<int> ListAllAsync(Func<KeptDemo, Task> show, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(show);
        return _database.ReadMomentAsync(context => Operating.ListAllAsync(context, show, Now, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<KilledDemo> KillAsync(DemoId id, CancellationToken cancellation = default) =>
        KillAsync(context => Operating.DocumentOfAsync(context, id, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<KilledDemo> KillAsync(Hash256 hash, CancellationToken cancellation = default) =>
        KillAsync(context => Operating.DocumentOfAsync(context, hash, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<bool> AllowAsync(DemoId id, CancellationToken cancellation = default) =>
        AllowAsync(context => Operating.DocumentOfAsync(context, id, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<bool> AllowAsync(Hash256 hash, CancellationToken cancellation = default) =>
        AllowAsync(context => Operating.DocumentOfAsync(context, hash, cancellation), cancellation);

    /// <inheritdoc/>
    public Task SetInGalleryAsync(DemoId id, bool shown, CancellationToken cancellation = default) =>
        WriteAsync(context => Operating.SetInGalleryAsync(context, id, shown, Now, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<GalleryDemo>> ListGalleryAsync(CancellationToken cancellation = default) =>
        ReadAsync(context => Operating.ListGalleryAsync(context, Now, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(DateTimeOffset endedBefore, CancellationToken cancellation = default)
    {
        var forgotten = await WriteAsync(context => Sweeping.PurgeAsync(context, Now, endedBefore, cancellation), cancellation).ConfigureAwait(false);
        LogPurged(forgotten);
        return forgotten;
    }

    /// <inheritdoc/>
    public async Task<DemoSweep> SweepAsync(CancellationToken cancellation = default)
    {
        var views = await FlushViewsAsync(cancellation).ConfigureAwait(false);
        var documents = 0;
        int deleted;
        do
        {
            deleted = await WriteAsync(context => Sweeping.DeleteDocumentsAsync(context, Now, cancellation), cancellation).ConfigureAwait(false);
            documents += deleted;
        }
        while (deleted == Sweeping.Batch);
        if (documents > 0)
            LogSwept(documents);
        return new DemoSweep(documents, views);
    }

    /// <inheritdoc/>
    public Task<int> ExportAsync(Stream to, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        return _database.ReadMomentAsync(context => ExchangeWriter.WriteAsync(context, to, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public async Task<DemoImport> ImportAsync(Stream from, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        var import = await _database.WriteAsync(
            context => new ExchangeReader(context, _options).ReadAsync(from, cancellation), repeatable: false, cancellation).ConfigureAwait(false);
        LogImported(import.Added, import.Kept);
        return import;
    }

    /// <inheritdoc/>
    public Task BackupAsync(string file, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return _database.BackupAsync(file, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await FlushViewsAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (DemoStoreException error)
        {
            LogViewsLost(error);
        }
        finally
        {
            await _database.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<KilledDemo> KillAsync(Func<DemoContext, Task<Hash256>> document, CancellationToken cancellation)
    {
        var killed = await WriteAsync(
            async context => await Operating.KillAsync(context, await document(context).ConfigureAwait(false), Now, cancellation).ConfigureAwait(false),
            cancellation).ConfigureAwait(false);
        LogKilled(killed.DocumentHash, killed.Links.Count);
        return killed;
    }

    private async Task<bool> AllowAsync(Func<DemoContext, Task<Hash256>> document, CancellationToken cancellation)
    {
        var (hash, wasBlocked) = await WriteAsync(
            async context =>
            {
                var hash = await document(context).ConfigureAwait(false);
                return (hash, await Operating.AllowAsync(context, hash, cancellation).ConfigureAwait(false));
            },
            cancellation).ConfigureAwait(false);
        if (wasBlocked)
            LogAllowed(hash);
        return wasBlocked;
    }

    private async Task<long> FlushViewsAsync(CancellationToken cancellation)
    {
        var views = _views.Take();
        if (views.Count == 0)
            return 0;
        try
        {
            await _database.WriteAsync(context => Sweeping.AddViewsAsync(context, views, cancellation), repeatable: false, cancellation)
                .ConfigureAwait(false);
            return views.Sum(view => view.Value);
        }
        catch
        {
            foreach (var (id, count) in views)
                _views.Add(id, count);
            throw;
        }
    }

    private Task<T> ReadAsync<T>(Func<DemoContext, Task<T>> read, CancellationToken cancellation) => _database.ReadAsync(read, cancellation);

    private Task<T> WriteAsync<T>(Func<DemoContext, Task<T>> write, CancellationToken cancellation) =>
        _database.WriteAsync(write, repeatable: true, cancellation);

    private Task<bool> WriteAsync(Func<DemoContext, Task> write, CancellationToken cancellation) => WriteAsync(
        async context =>
        {
            await write(context).ConfigureAwait(false);
            return true;
        },
        cancellation);

    [LoggerMessage(LogLevel.Warning, "A demo was reported; the hash of its id is {IdHash}")]
    private partial void LogReported(Hash256 idHash);

    [LoggerMessage(LogLevel.Warning, "The operator ended {Links} links to the document {DocumentHash} and blocks it")]
    private partial void LogKilled(Hash256 documentHash, int links);

    [LoggerMessage(LogLevel.Warning, "The operator lets the document {DocumentHash} be saved again")]
    private partial void LogAllowed(Hash256 documentHash);

    [LoggerMessage(LogLevel.Information, "The documents of {Documents} ended demos were deleted")]
    private partial void LogSwept(int documents);

    [LoggerMessage(LogLevel.Information, "{Demos} ended demos were forgotten")]
    private partial void LogPurged(int demos);

    [LoggerMessage(LogLevel.Information, "{Added} demos were imported; {Kept} were here already or are blocked")]
    private partial void LogImported(int added, int kept);

    [LoggerMessage(LogLevel.Error, "The last views of demos could not be written down")]
    private partial void LogViewsLost(Exception error);
}
