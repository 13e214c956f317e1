using System.Data.Common;
using LmPlayground.Demos.Databases;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LmPlayground.Demos.Tests.Support;

/// <summary>A connection past the store: what another program would do to the database.</summary>
public sealed class RawConnection : IAsyncDisposable
{
    private readonly DbConnection _connection;

    private RawConnection(DbConnection connection)
    {
        _connection = connection;
        connection.Open();
    }

    public static RawConnection To(ITestDatabase database) => database switch
    {
        SqliteTest sqlite => ToFile(Path.Combine(sqlite.Folder, SqliteDatabase.FileName)),
        PostgresTest postgres => new(new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false }.ToString())),
        _ => throw new ArgumentOutOfRangeException(nameof(database)),
    };

    public static RawConnection ToFile(string file) => new(new SqliteConnection($"Data Source={file};Pooling=False"));

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows that a query gives, each as its columns' texts.</summary>
    public async Task<IReadOnlyList<string[]>> QueryAsync(string sql)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture)!)]);
        return rows;
    }

    /// <summary>What a connection of the store itself says.</summary>
    internal static async Task<string> ScalarAsync(DemoContext context, string sql)
    {
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture)!;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
