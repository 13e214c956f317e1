using System.Diagnostics;
using LmPlayground.Demos.Databases;
using LmPlayground.Demos.Databases.Schema;
using LmPlayground.Demos.Storing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace LmPlayground.Demos.Tests.Support;

/// <summary>
/// Databases as each version of the schema left them: a file of SQLite, and what pg_dump made of PostgreSQL's. With LMPLAYGROUND_RECORD set the newest
/// version's are written if they are missing; once written they never change.
/// </summary>
internal static class PastVersion
{
    private static readonly DateTimeOffset Then = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly DemoStoreOptions Options = new() { AllowForever = true };
    private static readonly string[] NoStatement = ["--", "\\", "SET ", "SELECT pg_catalog.set_config", "CREATE SCHEMA"];

    private static OwnerSecret Owner => OwnerSecret.TryParse(new string('A', 43), out var secret) ? secret : throw new InvalidOperationException();

    /// <summary>Puts a past version's database where a test has its own.</summary>
    internal static async Task RestoreAsync(ITestDatabase database, int version)
    {
        var fixture = Fixture(database, version);
        if (!File.Exists(fixture) && Environment.GetEnvironmentVariable("LMPLAYGROUND_RECORD") is { Length: > 0 } && version == SchemaMigration.All[^1].Version)
            await RecordAsync(database, fixture);
        Assert.True(File.Exists(fixture), $"There is no database of version {version}: {fixture}. Write it with LMPLAYGROUND_RECORD=1 before the version is released.");
        if (database is SqliteTest sqlite)
        {
            Directory.CreateDirectory(sqlite.Folder);
            File.Copy(fixture, Path.Combine(sqlite.Folder, SqliteDatabase.FileName), overwrite: true);
        }
        else
        {
            await using var raw = RawConnection.To(database);
            await raw.ExecuteAsync(await File.ReadAllTextAsync(fixture));
        }
    }

    /// <summary>All that a version can hold is there.</summary>
    internal static async Task CheckAsync(DemoStore store)
    {
        var found = Assert.IsType<FoundDemo>(await store.FindAsync(IdOf("works")));
        Assert.Equal(BytesOf("works"), found.Document.ToArray());
        Assert.Equal(
            ("works", "run", "br", 5L, false, Then, null),
            (found.Title, found.Kind, found.Codec, found.Size, found.IsEncrypted, found.CreatedAt, found.ExpiresAt));
        Assert.True(Assert.IsType<FoundDemo>(await store.FindAsync(IdOf("encrypted"))).IsEncrypted);
        Assert.Equal(new ExpiredDemo("expired"), await store.FindAsync(IdOf("expired")));
        Assert.Equal(new RevokedDemo("revoked", ByOperator: false), await store.FindAsync(IdOf("revoked")));
        Assert.Equal(new RevokedDemo("", ByOperator: true), await store.FindAsync(IdOf("killed")));
        Assert.Equal("demos.blocked", (await Assert.ThrowsAsync<DemoStoreException>(() => store.SaveAsync(Owner, DemoOf("killed") with { Lifetime = null }))).Code);
        Assert.Equal(3, (await store.ListAsync(Owner)).Single(demo => demo.Title == "works").Views);
        Assert.Equal([IdOf("works")], (await store.ListGalleryAsync()).Select(demo => demo.Id));
        Assert.Equal("Reported", Assert.Single(Assert.Single(await store.ListReportsAsync()).Reports).Text);
        Assert.True(await store.ReportAsync(IdOf("works"), "Again"));
        Assert.False((await store.SaveAsync(Owner, DemoOf("new") with { Lifetime = null })).WasThere);
    }

    private static string Fixture(ITestDatabase database, int version) => TestFiles.Fixture("demos", $"version-{version}.{(database is SqliteTest ? "db" : "sql")}");

    private static byte[] BytesOf(string name) => System.Text.Encoding.UTF8.GetBytes(name);

    private static NewDemo DemoOf(string name) => new()
    {
        Document = BytesOf(name),
        DocumentHash = Hash256.Of(BytesOf(name)),
        Codec = "br",
        Size = name.Length,
        Title = name,
        Kind = "run",
        IsEncrypted = name == "encrypted",
        Lifetime = name == "expired" ? DemoLifetime.OfDays(1) : DemoLifetime.Forever,
    };

    private static DemoId IdOf(string name) => DemoId.Of(Owner, Hash256.Of(BytesOf(name)), 0);

    private static async Task RecordAsync(ITestDatabase like, string fixture)
    {
        await using ITestDatabase database = like is SqliteTest ? new SqliteTest() : new PostgresTest();
        await database.CreateAsync();
        var time = new FakeTimeProvider(Then);
        await using (var store = await DemoStore.OpenAsync(database.Location, Options, time, NullLogger<DemoStore>.Instance))
        {
            foreach (var name in new[] { "works", "encrypted", "expired", "revoked", "killed" })
                await store.SaveAsync(Owner, DemoOf(name));
            for (var view = 0; view < 3; view++)
                store.CountView(IdOf("works"));
            await store.ReportAsync(IdOf("works"), "Reported");
            await store.SetInGalleryAsync(IdOf("works"), shown: true);
            await store.RevokeAsync(Owner, IdOf("revoked"));
            await store.KillAsync(IdOf("killed"));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(fixture)!);
        if (database is SqliteTest sqlite)
            File.Copy(Path.Combine(sqlite.Folder, SqliteDatabase.FileName), fixture);
        else
            await DumpAsync((PostgresTest)database, fixture);
    }

    private static async Task DumpAsync(PostgresTest database, string fixture)
    {
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        string[] arguments =
        [
            "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, "-n", database.Schema,
            "--no-owner", "--no-privileges", "--inserts", server.Database!,
        ];
        var start = new ProcessStartInfo("pg_dump", arguments) { RedirectStandardOutput = true };
        start.Environment["PGPASSWORD"] = server.Password;
        using var dump = Process.Start(start)!;
        var lines = (await dump.StandardOutput.ReadToEndAsync()).Split('\n').Where(line => line.Length > 0 && !NoStatement.Any(line.StartsWith));

        // The schema is the test's, whichever test that is.
        await File.WriteAllTextAsync(fixture, string.Join('\n', lines).Replace(database.Schema + ".", "", StringComparison.Ordinal) + "\n");
    }
}
