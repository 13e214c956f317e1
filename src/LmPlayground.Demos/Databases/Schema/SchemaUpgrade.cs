using System.Data.Common;
using System.Globalization;

namespace LmPlayground.Demos.Databases.Schema;

/// <summary>
/// Brings a database to the newest schema, in the transaction of a caller who has locked out everybody else: so a step that fails leaves the
/// database as it was.
/// </summary>
internal static class SchemaUpgrade
{
    /// <summary>Runs the steps that a database has not had.</summary>
    internal static async Task RunAsync(
        DbTransaction transaction, IReadOnlyList<SchemaMigration> migrations, Func<SchemaMigration, string> statements, CancellationToken cancellation)
    {
        await ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL PRIMARY KEY)").ConfigureAwait(false);
        var present = await VersionAsync(transaction, cancellation).ConfigureAwait(false);
        Check(present, migrations);
        foreach (var migration in migrations.Where(migration => migration.Version > present))
        {
            await ExecuteAsync(statements(migration)).ConfigureAwait(false);
            await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version VALUES ({migration.Version})")).ConfigureAwait(false);
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = transaction.Connection!.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses a database that is not of the newest version: who only reads cannot upgrade it.</summary>
    internal static async Task RequireAsync(DbTransaction transaction, IReadOnlyList<SchemaMigration> migrations, CancellationToken cancellation)
    {
        var present = await VersionAsync(transaction, cancellation).ConfigureAwait(false);
        Check(present, migrations);
        if (present < migrations[^1].Version)
        {
            throw new DemoStoreException(
                "demos.older_schema",
                $"The database of demos is of version {present}, not {migrations[^1].Version}: start the server once, which upgrades it.");
        }
    }

    private static void Check(int present, IReadOnlyList<SchemaMigration> migrations)
    {
        if (present > migrations[^1].Version)
        {
            throw new DemoStoreException(
                "demos.newer_schema",
                $"The database of demos is of version {present}, and this playground knows {migrations[^1].Version} at most: it needs a newer playground.");
        }
    }

    private static async Task<int> VersionAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT COALESCE(MAX(version), 0) FROM schema_version";
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }
}
