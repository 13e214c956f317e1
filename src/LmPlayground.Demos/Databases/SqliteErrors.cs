using Microsoft.Data.Sqlite;

namespace LmPlayground.Demos.Databases;

/// <summary>What SQLite's errors mean to people. The codes are SQLite's own: https://sqlite.org/rescode.html</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    internal static DemoStoreException? Explain(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        Busy or Locked => new("demos.database_busy", $"Another program holds the database of demos: try again in a moment.", error),
        Full => new("demos.disk_full", $"The disk with the database of demos is full: nothing was saved, and nothing is lost.", error),
        ReadOnly => new("demos.file_read_only", $"The database of demos, {file}, may not be written.", error),
        CannotOpen => new("demos.file_unreachable", $"The database of demos, {file}, cannot be opened.", error),
        InputOutput => new("demos.disk_failed", $"The disk with the database of demos, {file}, failed to read or write.", error),
        Corrupt => new("demos.database_damaged", $"The database of demos, {file}, is damaged: put a backup in its place.", error),
        NoDatabase => new("demos.not_a_database", $"The file {file} is not a database of demos: move it away, or put a backup in its place.", error),
        _ => null,
    };
}
