namespace LmPlayground.Demos;

/// <summary>Where a store keeps its demos.</summary>
public abstract record DemoStoreLocation
{
    private protected DemoStoreLocation()
    {
    }

    /// <summary>Whether there may be demos: false where there is no database yet.</summary>
    public abstract bool MayHaveDemos { get; }

    /// <summary>A file of SQLite in a folder, which is made for its owner alone where it is missing. Nothing to set up; one process at a time.</summary>
    public static DemoStoreLocation InFolder(string folder) => new FolderLocation(Path.GetFullPath(folder));

    /// <summary>
    /// The same file, to be read beside the process that writes it: for an export, a backup or a list of reports while the server runs.
    /// Everything that would change it is refused.
    /// </summary>
    public static DemoStoreLocation InFolderToRead(string folder) => new FolderLocation(Path.GetFullPath(folder)) { ToRead = true };

    /// <summary>A database of PostgreSQL, by its connection string. Several servers may share it.</summary>
    public static DemoStoreLocation InPostgres(string connectionString) => new PostgresLocation(connectionString);
}

/// <summary>A folder with a file of SQLite.</summary>
internal sealed record FolderLocation(string Folder) : DemoStoreLocation
{
    /// <summary>Whether the file is only read.</summary>
    internal bool ToRead { get; init; }

    /// <inheritdoc/>
    public override bool MayHaveDemos => File.Exists(Path.Combine(Folder, Databases.SqliteDatabase.FileName));

    /// <summary>How long a lock of somebody else is waited for.</summary>
    internal TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most pages that the file may have: how a test fills the disk.</summary>
    internal int? MaxPages { get; init; }
}

/// <summary>A database of PostgreSQL.</summary>
internal sealed record PostgresLocation(string ConnectionString) : DemoStoreLocation
{
    /// <inheritdoc/>
    public override bool MayHaveDemos => true;

    /// <summary>How long a lock of somebody else is waited for.</summary>
    internal TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    // A connection string can hold a password.
    protected override bool PrintMembers(System.Text.StringBuilder builder) => false;
}
