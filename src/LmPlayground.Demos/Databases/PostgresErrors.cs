using Npgsql;

namespace LmPlayground.Demos.Databases;

/// <summary>What PostgreSQL's errors mean to people.</summary>
internal static class PostgresErrors
{
    internal static DemoStoreException? Explain(NpgsqlException error) => error switch
    {
        PostgresException told => Explain(told),
        _ => new("demos.database_unreachable", $"The database of demos does not answer: nothing was saved. Try again in a moment.", error),
    };

    private static DemoStoreException? Explain(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.DiskFull =>
            new("demos.disk_full", $"The disk with the database of demos is full: nothing was saved, and nothing is lost.", error),
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure =>
            new("demos.database_busy", $"Another program holds the database of demos: try again in a moment.", error),
        PostgresErrorCodes.TooManyConnections =>
            new("demos.database_crowded", $"The database of demos has no connection left: try again in a moment.", error),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            new("demos.database_starting", $"The database of demos is starting or stopping: nothing was saved. Try again in a moment.", error),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new("demos.login_refused", $"The database of demos refuses the name or the password in ConnectionStrings:Demos.", error),
        PostgresErrorCodes.InvalidCatalogName =>
            new("demos.no_database", $"The server of PostgreSQL has no database of the name in ConnectionStrings:Demos: create it.", error),
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName =>
            new("demos.no_rights", $"The user in ConnectionStrings:Demos may not make or use the tables of the demos.", error),
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            new("demos.database_read_only", $"The database of demos may not be written: it is a copy, or set to be only read.", error),
        _ => null,
    };
}
