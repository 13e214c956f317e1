using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LmPlayground.Demos.Databases;

/// <summary>What SQLite forgets between connections is said to each.</summary>
internal sealed class SqliteConnectionSetup(FolderLocation location) : DbConnectionInterceptor
{
    // secure_delete: what is revoked is overwritten in the file.
    private readonly string _statements = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        PRAGMA busy_timeout={(int)location.BusyTimeout.TotalMilliseconds};
        PRAGMA synchronous=FULL;
        PRAGMA secure_delete=ON;
        PRAGMA query_only={(location.ToRead ? "ON" : "OFF")};
        {(location.MaxPages is { } pages ? $"PRAGMA max_page_count={pages};" : "")}
        """);

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _statements;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
