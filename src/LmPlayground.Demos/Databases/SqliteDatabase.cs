using System.Data;
using LmPlayground.Demos.Databases.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace LmPlayground.Demos.Databases;

/// <summary>
/// A file of SQLite: a log that is on the disk when a write ends (WAL, synchronous=FULL), readers that wait for nobody, writers of this one
/// process in a queue.
/// </summary>
internal sealed class SqliteDatabase : DemoDatabase
{
    internal const string FileName = "demos.db";

    private readonly FolderLocation _location;
    private readonly string _connectionString;
    private readonly DbContextOptions<DemoContext> _options;
    private readonly SemaphoreSlim _writer = new(1);
    private ProcessLock? _lock;

    internal SqliteDatabase(FolderLocation location)
    {
        _location = location;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(location.Folder, FileName),
            Mode = location.ToRead ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)location.BusyTimeout.TotalSeconds),
        }.ToString();
        _options = new DbContextOptionsBuilder<DemoContext>()
            .UseSqlite(_connectionString)
            .AddInterceptors(new SqliteConnectionSetup(location))
            .Options;
    }

    private string File => Path.Combine(_location.Folder, FileName);

    internal override Task OpenAsync(CancellationToken cancellation) => TryAsync(
        async () =>
        {
            if (_location.ToRead && !System.IO.File.Exists(File))
                throw new DemoStoreException("demos.none_here", $"There are no shared demos in {_location.Folder}.");
            if (!_location.ToRead)
            {
                _lock = ProcessLock.Take(_location.Folder);
                await using var setup = CreateContext();
                await setup.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellation).ConfigureAwait(false);
            }

            await using var context = CreateContext();
            var begin = _location.ToRead ? BeginReadAsync(context, cancellation) : BeginWriteAsync(context, cancellation);
            await using var transaction = await begin.ConfigureAwait(false);
            if (_location.ToRead)
                await SchemaUpgrade.RequireAsync(transaction.GetDbTransaction(), Migrations, cancellation).ConfigureAwait(false);
            else
                await SchemaUpgrade.RunAsync(transaction.GetDbTransaction(), Migrations, migration => migration.Sqlite, cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return true;
        },
        repeatable: false,
        cancellation);

    internal override async Task<TResult> WriteAsync<TResult>(Func<DemoContext, Task<TResult>> write, bool repeatable, CancellationToken cancellation)
    {
        if (_location.ToRead)
            throw new DemoStoreException("demos.read_only", $"The demos are only read here: the server that runs on them changes them.");

        // SQLite lets writers try again and again; a queue wakes each when its turn comes.
        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await base.WriteAsync(write, repeatable, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    internal override async Task BackupAsync(string file, CancellationToken cancellation)
    {
        var target = Path.GetFullPath(file);
        if (Path.Exists(target))
            throw new DemoStoreException("demos.backup_exists", $"There is a file at {target} already, and a backup writes over nothing.");

        // It has its name only once it is whole and on the disk.
        var unfinished = target + ".unfinished";
        try
        {
            try
            {
                System.IO.File.Delete(unfinished);
                CreateForOwner(unfinished);
                await using (var context = CreateContext())
                {
                    // VACUUM INTO only reads, but SQLite counts it among what writes.
                    await context.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
                    await context.Database.ExecuteSqlRawAsync("PRAGMA query_only=OFF", cancellation).ConfigureAwait(false);
                    await context.Database.ExecuteSqlAsync($"VACUUM INTO {unfinished}", cancellation).ConfigureAwait(false);
                }

                using (var written = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    written.Flush(flushToDisk: true);
                System.IO.File.Move(unfinished, target);
            }
            finally
            {
                System.IO.File.Delete(unfinished);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new DemoStoreException("demos.backup_failed", $"The backup cannot be written to {target}: {error.Message}", error);
        }
    }

    // SQLite writes into an empty file as it is: all demos are in it, and for its owner alone.
    private static void CreateForOwner(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(file, options).Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(_connectionString))
            SqliteConnection.ClearPool(connection);
        _lock?.Dispose();
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override DemoContext CreateContext() => new(_options);

    protected override async Task<IDbContextTransaction> BeginReadAsync(DemoContext context, CancellationToken cancellation)
    {
        // Deferred: it takes no lock of a writer's.
        await context.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var connection = (SqliteConnection)context.Database.GetDbConnection();
        return (await context.Database.UseTransactionAsync(connection.BeginTransaction(deferred: true), cancellation).ConfigureAwait(false))!;
    }

    protected override Task<IDbContextTransaction> BeginWriteAsync(DemoContext context, CancellationToken cancellation) =>
        context.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);

    protected override DemoStoreException? Explain(Exception error) => error is SqliteException sqlite ? SqliteErrors.Explain(sqlite, File) : null;
}
