using Npgsql;

namespace LmPlayground.Demos.Tests.Support;

/// <summary>An empty place for one store, of one kind of database: every test of the store runs on each kind.</summary>
public interface ITestDatabase : IAsyncDisposable
{
    /// <summary>Makes the place, or skips the test and says why.</summary>
    Task CreateAsync();

    /// <summary>Where it is.</summary>
    DemoStoreLocation Location { get; }

    /// <summary>The same for somebody who looks at it beside the one who writes: another process, or another machine.</summary>
    DemoStoreLocation Beside { get; }

    /// <summary>What <see cref="Location"/> is on the command line of the process that saves.</summary>
    string[] Arguments { get; }
}

/// <summary>A folder.</summary>
public sealed class SqliteTest : ITestDatabase
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder["data"];

    public DemoStoreLocation Location => new FolderLocation(Folder) { BusyTimeout = TimeSpan.FromMilliseconds(200) };

    public DemoStoreLocation Beside => DemoStoreLocation.InFolderToRead(Folder);

    public string[] Arguments => ["folder", Folder];

    public Task CreateAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A schema of a server of PostgreSQL that the environment names.</summary>
public sealed class PostgresTest : ITestDatabase
{
    internal const string Variable = "LMPLAYGROUND_POSTGRES";

    private readonly string _schema = $"test_{Guid.NewGuid():N}";

    public static string Server
    {
        get
        {
            var server = Environment.GetEnvironmentVariable(Variable);
            Assert.SkipWhen(string.IsNullOrEmpty(server), $"There is no PostgreSQL: {Variable} has no connection string. .ci/run starts one.");
            return server!;
        }
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(Server) { SearchPath = _schema, MaxPoolSize = 20 }.ToString();

    public string Schema => _schema;

    public DemoStoreLocation Location => new PostgresLocation(ConnectionString) { BusyTimeout = TimeSpan.FromSeconds(20) };

    public DemoStoreLocation Beside => Location;

    public string[] Arguments => ["postgres", ConnectionString];

    public Task CreateAsync() => ExecuteAsync($"CREATE SCHEMA {_schema}");

    public async ValueTask DisposeAsync()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
            await ExecuteAsync($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
    }

    public static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
