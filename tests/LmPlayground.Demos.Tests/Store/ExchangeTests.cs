using System.Text;
using LmPlayground.Demos.Storing;
using LmPlayground.Demos.Tests.Support;

namespace LmPlayground.Demos.Tests.Store;

public sealed class ExchangeOnSqlite : ExchangeTests<SqliteTest>;

public sealed class ExchangeOnPostgres : ExchangeTests<PostgresTest>;

public abstract class ExchangeTests<TDatabase> : StoreTest<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task Any_store_survives_export_and_import_byte_for_byte()
    {
        Options.AllowForever = true;
        var store = await OpenAsync();
        var random = new Random(2);
        var works = new List<(DemoId Id, byte[] Bytes)>();
        for (var number = 0; number < 120; number++)
        {
            var bytes = new byte[random.Next(1, 5000)];
            random.NextBytes(bytes);
            var lifetime = (number % 4) switch { 0 => DemoLifetime.OfDays(1), 1 => DemoLifetime.OfDays(7), 2 => DemoLifetime.Forever, _ => (DemoLifetime?)null };
            var owner = random.Next(2) == 0 ? Owner : OwnerSecret.Create();
            var demo = Demo(bytes, lifetime) with { Title = $"Title {number} 你\"<", IsEncrypted = number % 3 == 0 };
            var saved = await store.SaveAsync(owner, demo);
            works.Add((saved.Id, bytes));
            for (var view = random.Next(3); view > 0; view--)
                store.CountView(saved.Id);
        }

        await store.ReportAsync(works[5].Id, "Bad \"quoted\"");
        await store.SetInGalleryAsync(works[2].Id, shown: true);
        await store.KillAsync(works[6].Id);
        var revoked = await store.SaveAsync(Owner, Demo("revoked"));
        await store.RevokeAsync(Owner, revoked.Id);
        Time.Advance(TimeSpan.FromDays(2));
        await store.PurgeAsync(Time.GetUtcNow().AddDays(-1));
        await store.SweepAsync();
        var exported = await ExportAsync(store);

        await using var other = new TDatabase();
        await other.CreateAsync();
        var second = await OpenAsync(other.Location);
        var import = await second.ImportAsync(new MemoryStream(exported));
        Assert.Equal(new DemoImport(121, 0), import);
        Assert.Equal(Encoding.UTF8.GetString(exported), Encoding.UTF8.GetString(await ExportAsync(second)));
        foreach (var (id, bytes) in works.Where((_, number) => number % 4 != 0 && number != 6))
            Assert.Equal(bytes, (await FoundAsync(second, id)).Document.ToArray());
        Assert.Equal((await store.ListAsync(Owner)).AsEnumerable(), await second.ListAsync(Owner));
        Assert.Equal(new DemoImport(0, 121), await second.ImportAsync(new MemoryStream(exported)));
    }

    [Fact]
    public async Task What_is_here_stays_as_it_is_and_what_is_blocked_stays_out()
    {
        var store = await OpenAsync();
        var one = await store.SaveAsync(Owner, Demo("one"));
        var two = await store.SaveAsync(Owner, Demo("two"));
        var three = await store.SaveAsync(Owner, Demo("three"));
        var exported = await ExportAsync(store);
        await store.RevokeAsync(Owner, one.Id);

        await using var other = new TDatabase();
        await other.CreateAsync();
        var second = await OpenAsync(other.Location);
        await second.KillAsync(Demo("two").DocumentHash);
        Assert.Equal(new DemoImport(2, 1), await second.ImportAsync(new MemoryStream(exported)));
        Assert.IsType<UnknownDemo>(await second.FindAsync(two.Id));
        await FoundAsync(second, three.Id);

        Assert.Equal(new DemoImport(0, 3), await store.ImportAsync(new MemoryStream(exported)));
        Assert.IsType<RevokedDemo>(await store.FindAsync(one.Id));
    }

    [Theory]
    [InlineData("", "demos.import_no_export")]
    [InlineData("PK\u0003\u0004", "demos.import_no_export")]
    [InlineData("{}", "demos.import_no_export")]
    [InlineData("null", "demos.import_no_export")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":0}", "demos.import_no_export")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":2}", "demos.import_newer")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":1}", "demos.import_cut")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":1}\n{\"end\":{\"lines\":1}}", "demos.import_cut")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":1}\n{\"end\":{\"lines\":0}}\n{}", "demos.import_line")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":1}\n\n", "demos.import_line")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":1}\n{\"demo\":{}}", "demos.import_line")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":1}\n{\"demo\":{\"idHash\":\"00\"}}", "demos.import_line")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":1}\n{\"unheardOf\":{}}", "demos.import_line")]
    [InlineData("{\"format\":\"lmplayground-demos\",\"version\":1}\n[[[[[[[[[[", "demos.import_line")]
    public async Task A_file_that_is_no_whole_export_is_refused_with_one_sentence(string file, string code)
    {
        var store = await OpenAsync();
        Assert.Equal(code, await CodeAsync(() => store.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(file)))));
    }

    [Theory]
    [InlineData("\"title\":\"About demo 1\"", "\"title\":\"{long}\"")]
    [InlineData("\"idHash\":\"", "\"idHash\":\"x")]
    [InlineData("\"generation\":0", "\"generation\":-1")]
    [InlineData("\"size\":18", "\"size\":\"18\"")]
    public async Task The_line_that_is_damaged_is_named(string whole, string damaged)
    {
        var store = await OpenAsync();
        for (var number = 0; number < 3; number++)
            await store.SaveAsync(Owner, Demo($"demo {number}"));
        var lines = Encoding.UTF8.GetString(await ExportAsync(store)).Split('\n');
        var at = Array.FindIndex(lines, line => line.Contains("About demo 1", StringComparison.Ordinal));
        lines[at] = lines[at].Replace(whole, damaged.Replace("{long}", new string('x', 201), StringComparison.Ordinal), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<DemoStoreException>(() => store.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)))));
        Assert.Equal(("demos.import_line", $"Line {at + 1} of the file is damaged. Nothing was imported."), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_line_of_any_length_is_refused_before_it_is_in_memory()
    {
        Options.MaxDocumentBytes = 2000;
        var store = await OpenAsync();
        var endless = new EndlessStream("{\"format\":\"lmplayground-demos\",\"version\":1}\n{\"demo\":\""u8.ToArray());
        Assert.Equal("demos.import_long_line", await CodeAsync(() => store.ImportAsync(endless)));
        Assert.InRange(endless.Given, 1, 1 << 20);
    }

    [Fact]
    public async Task A_damaged_export_is_imported_wholly_or_not_at_all()
    {
        var store = await OpenAsync();
        for (var number = 0; number < 5; number++)
            await store.SaveAsync(Owner, Demo($"demo {number}"));
        await store.ReportAsync((await store.ListAsync(Owner))[0].Id, "Bad");
        await store.KillAsync(Demo("bad").DocumentHash);
        var whole = await ExportAsync(store);

        await using var other = new TDatabase();
        await other.CreateAsync();
        var second = await OpenAsync(other.Location);
        var empty = await ExportAsync(second);
        var random = new Random(3);
        var refused = 0;
        for (var trial = 0; trial < 150; trial++)
        {
            var damaged = Damage(whole, random);
            try
            {
                await second.ImportAsync(new MemoryStream(damaged));
                await EmptyAsync(other);
            }
            catch (DemoStoreException)
            {
                refused++;
                Assert.Equal(empty, await ExportAsync(second));
            }
        }

        Assert.InRange(refused, 50, 150);
    }

    [Fact]
    public async Task An_import_that_is_stopped_in_the_middle_leaves_nothing_and_keeps_nobody_out()
    {
        var store = await OpenAsync();
        for (var number = 0; number < 300; number++)
            await store.SaveAsync(Owner, Demo(new byte[2000 + number]));
        var whole = await ExportAsync(store);

        await using var other = new TDatabase();
        await other.CreateAsync();
        var second = await OpenAsync(other.Location);
        var empty = await ExportAsync(second);
        using var stop = new CancellationTokenSource();
        using var half = new StoppingStream(whole, whole.Length / 2, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.ImportAsync(half, stop.Token));
        Assert.Equal(empty, await ExportAsync(second));
        Assert.Equal(new DemoImport(300, 0), await second.ImportAsync(new MemoryStream(whole)));
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var damaged = whole.ToList();
        var place = random.Next(damaged.Count);
        switch (random.Next(4))
        {
            case 0:
                damaged.RemoveRange(place, damaged.Count - place);
                break;
            case 1:
                damaged[place] = (byte)random.Next(256);
                break;
            case 2:
                damaged.RemoveRange(place, Math.Min(random.Next(1, 60), damaged.Count - place));
                break;
            default:
                damaged.InsertRange(place, damaged.GetRange(random.Next(damaged.Count / 2), random.Next(1, damaged.Count / 2)));
                break;
        }

        return [.. damaged];
    }

    private static async Task EmptyAsync(TDatabase database)
    {
        await using var context = RawConnection.To(database);
        await context.ExecuteAsync("DELETE FROM reports; DELETE FROM documents; DELETE FROM demos; DELETE FROM blocked;");
    }

    private static async Task<byte[]> ExportAsync(DemoStore store)
    {
        using var stream = new MemoryStream();
        await store.ExportAsync(stream);
        return stream.ToArray();
    }

    /// <summary>A file whose reader is stopped at a place.</summary>
    private sealed class StoppingStream(byte[] content, int place, CancellationTokenSource stop) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > place)
                await stop.CancelAsync();
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    private sealed class EndlessStream(byte[] begin) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var index = 0; index < count; index++, Given++)
                buffer[offset + index] = Given < begin.Length ? begin[Given] : (byte)'a';
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
