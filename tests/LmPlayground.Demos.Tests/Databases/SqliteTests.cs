using LmPlayground.Demos.Databases;
using LmPlayground.Demos.Tests.Support;

namespace LmPlayground.Demos.Tests.Databases;

public sealed class SqliteTests : StoreTest<SqliteTest>
{
    private FolderLocation Location => (FolderLocation)Database.Location;

    private string DatabaseFile => Path.Combine(Database.Folder, SqliteDatabase.FileName);

    [Fact]
    public async Task Every_connection_waits_for_the_disk_and_overwrites_what_is_deleted()
    {
        await using var database = new SqliteDatabase(Location);
        await database.OpenAsync(CancellationToken.None);
        foreach (var (pragma, expected) in new[] { ("journal_mode", "wal"), ("synchronous", "2"), ("secure_delete", "1"), ("foreign_keys", "1"), ("busy_timeout", "200") })
        {
            Assert.Equal(expected, await database.ReadAsync(context => RawConnection.ScalarAsync(context, $"PRAGMA {pragma}"), CancellationToken.None));
        }
    }

    [Fact]
    public async Task The_folder_is_made_for_its_owner_alone()
    {
        await OpenAsync();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Database.Folder));
    }

    [Fact]
    public async Task Two_that_start_at_the_same_time_on_one_file_are_one_that_starts_and_one_that_is_refused()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            try
            {
                await OpenAsync();
                return "open";
            }
            catch (DemoStoreException error)
            {
                return error.Code;
            }
        })));
        Assert.Equal(["demos.in_use", "open"], starts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_program_that_holds_the_file_is_waited_for_and_then_told()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        await using var other = RawConnection.To(Database);
        await other.ExecuteAsync("BEGIN IMMEDIATE");
        Assert.Equal("demos.database_busy", await CodeAsync(() => store.SaveAsync(Owner, Demo("two"))));

        // Readers wait for nobody, and views wait in memory.
        await FoundAsync(store, saved.Id);
        store.CountView(saved.Id);
        Assert.Equal("demos.database_busy", await CodeAsync(() => store.SweepAsync()));
        Assert.Equal(1, Assert.Single(await store.ListAsync(Owner)).Views);
        await other.ExecuteAsync("ROLLBACK");
        Assert.Equal(1, (await store.SweepAsync()).Views);
        await store.SaveAsync(Owner, Demo("two"));
    }

    [Fact]
    public async Task A_full_disk_is_told_in_one_sentence_and_loses_nothing()
    {
        var store = await OpenAsync(Location with { MaxPages = 60 });
        var saved = new List<(DemoId Id, byte[] Bytes)>();
        var error = await Assert.ThrowsAsync<DemoStoreException>(async () =>
        {
            for (var number = 0; number < 100; number++)
            {
                var bytes = new byte[20_000];
                bytes[0] = (byte)number;
                saved.Add(((await store.SaveAsync(Owner, Demo(bytes))).Id, bytes));
            }
        });
        Assert.Equal(("demos.disk_full", "The disk with the database of demos is full: nothing was saved, and nothing is lost."), (error.Code, error.Message));
        Assert.NotEmpty(saved);
        foreach (var (id, bytes) in saved)
            Assert.Equal(bytes, (await FoundAsync(store, id)).Document.ToArray());

        // What is revoked makes room.
        await store.RevokeAsync(Owner, saved[0].Id);
        await store.SaveAsync(Owner, Demo(new byte[15_000]));
    }

    [Fact]
    public async Task A_file_that_is_no_database_and_a_folder_that_is_none_are_told_by_name()
    {
        Directory.CreateDirectory(Database.Folder);
        await File.WriteAllTextAsync(DatabaseFile, new string('x', 5000));
        var damaged = await Assert.ThrowsAsync<DemoStoreException>(OpenAsync);
        Assert.Equal("demos.not_a_database", damaged.Code);
        Assert.Contains(DatabaseFile, damaged.Message, StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "");
        var error = await Assert.ThrowsAsync<DemoStoreException>(() => OpenAsync(DemoStoreLocation.InFolder(file)));
        Assert.Equal("demos.folder", error.Code);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_while_the_store_saves_is_a_whole_store()
    {
        var store = await OpenAsync();
        var before = await store.SaveAsync(Owner, Demo("before"));
        using var folder = new TemporaryFolder();
        var target = folder.Combine("backup", SqliteDatabase.FileName);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var saving = Task.Run(async () =>
        {
            for (var number = 0; number < 20; number++)
                await store.SaveAsync(Owner, Demo(new byte[number + 5000]));
        });
        await store.BackupAsync(target);
        await saving;
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
        Assert.Equal([SqliteDatabase.FileName], Directory.GetFiles(Path.GetDirectoryName(target)!).Select(Path.GetFileName));

        var second = await OpenAsync(DemoStoreLocation.InFolder(Path.GetDirectoryName(target)!));
        await FoundAsync(second, before.Id);
        Assert.InRange((await second.ListAsync(Owner)).Count, 1, 21);
        Assert.Equal("demos.backup_exists", await CodeAsync(() => store.BackupAsync(target)));
        Assert.Equal("demos.backup_failed", await CodeAsync(() => store.BackupAsync(folder.Combine("nowhere", "backup.db"))));
    }

    [Fact]
    public async Task Beside_a_store_that_runs_another_may_read_and_change_nothing()
    {
        Assert.Equal("demos.none_here", await CodeAsync(() => OpenAsync(DemoStoreLocation.InFolderToRead(Database.Folder))));
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        var reader = await OpenAsync(DemoStoreLocation.InFolderToRead(Database.Folder));
        await FoundAsync(reader, saved.Id);
        using var export = new MemoryStream();
        Assert.Equal(1, await reader.ExportAsync(export));
        Assert.Equal("demos.read_only", await CodeAsync(() => reader.SaveAsync(Owner, Demo("two"))));
        Assert.Equal("demos.read_only", await CodeAsync(() => reader.KillAsync(saved.Id)));
        using var folder = new TemporaryFolder();
        await reader.BackupAsync(folder["backup.db"]);
        await store.SaveAsync(Owner, Demo("two"));
        Assert.Equal(2, (await reader.ListAsync(Owner)).Count);
    }

    [Fact]
    public async Task The_file_holds_no_id_and_no_secret_and_nothing_of_what_was_revoked()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("Something that nobody shall read again") with { Title = "A title" });
        var other = await store.SaveAsync(Owner, Demo("Something else"));
        await store.RevokeAsync(Owner, saved.Id);
        await store.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(DatabaseFile);
        Assert.Equal(-1, IndexOf("that nobody shall read again"u8));
        Assert.Equal(-1, IndexOf(System.Text.Encoding.ASCII.GetBytes(other.Id.ToString())));
        Assert.Equal(-1, IndexOf(System.Text.Encoding.ASCII.GetBytes(Owner.Reveal())));
        Assert.Equal(-1, IndexOf(Owner.Key));
        Assert.NotEqual(-1, IndexOf(Owner.Hash.ToArray()));

        int IndexOf(ReadOnlySpan<byte> part) => bytes.AsSpan().IndexOf(part);
    }
}
