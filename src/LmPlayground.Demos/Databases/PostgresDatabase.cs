using System.Data;
using System.Globalization;
using LmPlayground.Demos.Databases.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LmPlayground.Demos.Databases;

/// <summary>
/// A database of PostgreSQL, which several servers may share: writers take an advisory lock of the schema that the tables are in, readers see one
/// moment.
/// </summary>
internal sealed partial class PostgresDatabase : DemoDatabase
{
    // Any number, the same in every version: "demo" in ASCII.
    private const string Lock = "SELECT pg_advisory_xact_lock(1684368751, hashtext(current_schema()))";

    private readonly ILogger _logger;
    private readonly NpgsqlDataSource _source;
    private readonly DbContextOptions<DemoContext> _options;
    private readonly string _beforeWrite;

    internal PostgresDatabase(PostgresLocation location, ILogger logger)
    {
        _logger = logger;
        try
        {
            _source = NpgsqlDataSource.Create(location.ConnectionString);
        }
        catch (ArgumentException error)
        {
            // The string can hold a password, which the error would repeat.
            throw new DemoStoreException(
                "demos.connection_string", $"The connection string of the demos (ConnectionStrings:Demos) cannot be read: {error.GetType().Name}.");
        }

        _options = new DbContextOptionsBuilder<DemoContext>().UseNpgsql(_source).Options;

        // A database may be set to answer before a write is on the disk; an answer of ours means that it is.
        var timeout = ((int)location.BusyTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        _beforeWrite = $"SELECT set_config('lock_timeout', '{timeout}', true);"
            + "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';"
            + Lock;
    }

    internal override async Task OpenAsync(CancellationToken cancellation)
    {
        // A database that is just starting, or another playground that upgrades it, is waited for by the lock.
        await WriteAsync(
            async context =>
            {
                var transaction = context.Database.CurrentTransaction!.GetDbTransaction();
                await SchemaUpgrade.RunAsync(transaction, Migrations, migration => migration.Postgres, cancellation).ConfigureAwait(false);
                var fsync = await context.Database.SqlQuery<string>($"SELECT current_setting('fsync') AS \"Value\"")
                    .SingleAsync(cancellation).ConfigureAwait(false);
                if (fsync == "off")
                    LogUnsafe(_logger);
                return true;
            },
            repeatable: true,
            cancellation).ConfigureAwait(false);
    }

    internal override Task BackupAsync(string file, CancellationToken cancellation) => throw new DemoStoreException(
        "demos.backup_elsewhere",
        $"The demos are in PostgreSQL, which has its own tool for a backup while it runs: pg_dump --format=custom --file={file} DATABASE.");

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override DemoContext CreateContext() => new(_options);

    protected override Task<IDbContextTransaction> BeginReadAsync(DemoContext context, CancellationToken cancellation) =>
        context.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

    protected override async Task<IDbContextTransaction> BeginWriteAsync(DemoContext context, CancellationToken cancellation)
    {
        var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation).ConfigureAwait(false);
        await context.Database.ExecuteSqlRawAsync(_beforeWrite, cancellation).ConfigureAwait(false);
        return transaction;
    }

    protected override bool IsBroken(Exception error) => error
        is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
        or (NpgsqlException { IsTransient: true } and not PostgresException);

    protected override DemoStoreException? Explain(Exception error) => error is NpgsqlException npgsql ? PostgresErrors.Explain(npgsql) : null;

    [LoggerMessage(LogLevel.Warning, "The PostgreSQL with the demos runs with fsync off: a power cut can lose or damage them")]
    private static partial void LogUnsafe(ILogger logger);
}
