using LmPlayground.Demos.Databases;
using LmPlayground.Demos.Databases.Schema;
using LmPlayground.Demos.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Demos.Tests.Databases;

public sealed class SchemaOnSqlite : SchemaTests<SqliteTest>;

public sealed class SchemaOnPostgres : SchemaTests<PostgresTest>;

public static class SchemaVersions
{
    public static TheoryData<int> All => [.. SchemaMigration.All.Select(migration => migration.Version)];
}

public abstract class SchemaTests<TDatabase> : StoreTest<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    private static SchemaMigration Next { get; } = new(
        SchemaMigration.All[^1].Version + 1,
        "ALTER TABLE demos ADD COLUMN colour TEXT; UPDATE demos SET colour = 'red';",
        "ALTER TABLE demos ADD COLUMN colour text; UPDATE demos SET colour = 'red';");

    [Theory]
    [MemberData(nameof(SchemaVersions.All), MemberType = typeof(SchemaVersions))]
    public async Task A_database_of_each_past_version_is_upgraded_with_all_that_is_in_it(int version)
    {
        await PastVersion.RestoreAsync(Database, version);
        await PastVersion.CheckAsync(await OpenAsync());
    }

    [Fact]
    public async Task The_next_step_upgrades_a_database_that_is_in_use()
    {
        await PastVersion.RestoreAsync(Database, SchemaMigration.All[^1].Version);
        await using (var database = Create([.. SchemaMigration.All, Next]))
            await database.OpenAsync(CancellationToken.None);
        await using var raw = RawConnection.To(Database);
        Assert.All(await raw.QueryAsync("SELECT colour FROM demos"), row => Assert.Equal("red", row[0]));
        Assert.Equal((Next.Version, "demos.newer_schema"), (await VersionAsync(), await CodeAsync(OpenAsync)));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_database_as_it_was()
    {
        await PastVersion.RestoreAsync(Database, SchemaMigration.All[^1].Version);
        var fails = new SchemaMigration(Next.Version + 1, "INSERT INTO nowhere VALUES (1)", "INSERT INTO nowhere VALUES (1)");
        await using (var database = Create([.. SchemaMigration.All, Next, fails]))
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => database.OpenAsync(CancellationToken.None));
        Assert.Equal(SchemaMigration.All[^1].Version, await VersionAsync());
        await PastVersion.CheckAsync(await OpenAsync());
    }

    [Fact]
    public async Task Steps_have_the_numbers_from_one_on()
    {
        Assert.Equal(Enumerable.Range(1, SchemaMigration.All.Count), SchemaMigration.All.Select(migration => migration.Version));
        await OpenAsync();
        Assert.Equal(SchemaMigration.All.Count, await VersionAsync());
    }

    [Fact]
    public async Task The_tables_that_the_steps_make_are_those_that_the_classes_mean()
    {
        await OpenAsync();
        await using var database = Create(SchemaMigration.All);
        var meant = await database.ReadAsync(context => Task.FromResult(Meant(context)), CancellationToken.None);
        Assert.Equal(meant, await MadeAsync());
        Assert.NotEmpty(meant);
    }

    private static List<string> Meant(DemoContext context) =>
    [
        .. context.Model.GetRelationalModel().Tables
            .SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name} {column.StoreType.ToUpperInvariant()}{(column.IsNullable ? "" : " NOT NULL")}"))
            .Order(StringComparer.Ordinal),
    ];

    private async Task<List<string>> MadeAsync()
    {
        await using var raw = RawConnection.To(Database);
        var columns = await raw.QueryAsync(Database is PostgresTest postgres
            ? "SELECT table_name, column_name, data_type, CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END FROM information_schema.columns "
                + $"WHERE table_schema = '{postgres.Schema}'"
            : "SELECT m.name, c.name, c.type, c.\"notnull\" FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'");
        return
        [
            .. columns.Where(column => column[0] != "schema_version")
                .Select(column => $"{column[0]}.{column[1]} {column[2].ToUpperInvariant()}{(column[3] == "1" ? " NOT NULL" : "")}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task<int> VersionAsync()
    {
        await using var raw = RawConnection.To(Database);
        return int.Parse((await raw.QueryAsync("SELECT MAX(version) FROM schema_version"))[0][0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private DemoDatabase Create(IReadOnlyList<SchemaMigration> migrations) => Database.Location switch
    {
        FolderLocation folder => new SqliteDatabase(folder) { Migrations = migrations },
        PostgresLocation postgres => new PostgresDatabase(postgres, NullLogger.Instance) { Migrations = migrations },
        _ => throw new InvalidOperationException(),
    };
}
