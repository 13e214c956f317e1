namespace LmPlayground.Demos.Databases.Schema;

/// <summary>
/// One step from a version of the schema to the next, for each database. Once released a step is never changed: there are databases that it made.
/// </summary>
/// <param name="Version">The version that the step leads to; the first is 1.</param>
/// <param name="Sqlite">The statements for SQLite.</param>
/// <param name="Postgres">The statements for PostgreSQL.</param>
internal sealed record SchemaMigration(int Version, string Sqlite, string Postgres)
{
    /// <summary>All steps, in their order.</summary>
    internal static IReadOnlyList<SchemaMigration> All { get; } = [Migration0001.Step];
}
