using LmPlayground.Demos.Tests.Support;

namespace LmPlayground.Demos.Tests.Store;

public sealed class SavingOnSqlite : SavingTests<SqliteTest>;

public sealed class SavingOnPostgres : SavingTests<PostgresTest>;

public abstract class SavingTests<TDatabase> : StoreTest<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task A_saved_document_is_found_whole_by_its_id_and_by_no_other()
    {
        var store = await OpenAsync();
        var demo = Demo("one") with { IsEncrypted = true, Kind = "comparison", Codec = "zstd", Size = 77 };
        var saved = await store.SaveAsync(Owner, demo);
        Assert.False(saved.WasThere);
        Assert.Equal(DemoId.Of(Owner, demo.DocumentHash, 0), saved.Id);

        var found = await FoundAsync(store, saved.Id);
        Assert.Equal(demo.Document, found.Document.ToArray());
        Assert.Equal(
            ("About one", "comparison", "zstd", 77L, true, demo.DocumentHash),
            (found.Title, found.Kind, found.Codec, found.Size, found.IsEncrypted, found.DocumentHash));
        Assert.IsType<UnknownDemo>(await store.FindAsync(DemoId.Of(Owner, demo.DocumentHash, 1)));
    }

    [Fact]
    public async Task Times_are_kept_to_the_hour_and_a_link_never_ends_too_early()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(1)));
        var found = await FoundAsync(store, saved.Id);
        Assert.Equal(new DateTimeOffset(2030, 5, 4, 3, 0, 0, TimeSpan.Zero), found.CreatedAt);
        Assert.Equal(new DateTimeOffset(2030, 5, 5, 4, 0, 0, TimeSpan.Zero), found.ExpiresAt);
        Assert.Equal(saved.ExpiresAt, found.ExpiresAt);
    }

    [Fact]
    public async Task The_same_document_of_the_same_owner_keeps_its_link_its_title_and_the_later_end()
    {
        var store = await OpenAsync();
        var first = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(7)));
        await store.RenameAsync(Owner, first.Id, "Mine");
        var shorter = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(1)));
        var longer = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(30)));
        Assert.Equal((first.Id, true, first.ExpiresAt), (shorter.Id, shorter.WasThere, shorter.ExpiresAt));
        Assert.Equal((first.Id, first.ExpiresAt!.Value.AddDays(23)), (longer.Id, longer.ExpiresAt!.Value));
        Assert.Equal("Mine", (await FoundAsync(store, first.Id)).Title);
        Assert.Single(await store.ListAsync(Owner));

        Assert.NotEqual(first.Id, (await store.SaveAsync(OwnerSecret.Create(), Demo("one"))).Id);
        Assert.NotEqual(first.Id, (await store.SaveAsync(Owner, Demo("two"))).Id);
    }

    [Fact]
    public async Task Sixteen_parallel_savers_of_one_document_get_one_link()
    {
        var store = await OpenAsync();
        var saved = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => store.SaveAsync(Owner, Demo("one")))));
        Assert.Single(saved.Select(one => one.Id).Distinct());
        Assert.Single(saved, one => !one.WasThere);
        Assert.Single(await store.ListAsync(Owner));
    }

    [Fact]
    public async Task A_revoked_document_shared_anew_gets_another_link_each_time()
    {
        var store = await OpenAsync();
        var ids = new List<DemoId>();
        for (var generation = 0; generation < 3; generation++)
        {
            ids.Add((await store.SaveAsync(Owner, Demo("one"))).Id);
            Assert.Equal(DemoId.Of(Owner, Demo("one").DocumentHash, generation), ids[^1]);
            if (generation < 2)
                await store.RevokeAsync(Owner, ids[^1]);
        }

        Assert.Equal(3, ids.Distinct().Count());
        Assert.IsType<RevokedDemo>(await store.FindAsync(ids[0]));
        Assert.IsType<RevokedDemo>(await store.FindAsync(ids[1]));
        Assert.IsType<FoundDemo>(await store.FindAsync(ids[2]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_expired_document_shared_anew_works_again_with_its_link(bool swept)
    {
        var store = await OpenAsync();
        var first = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(1)));
        Time.Advance(TimeSpan.FromDays(2));
        if (swept)
            await store.SweepAsync();
        Assert.IsType<ExpiredDemo>(await store.FindAsync(first.Id));
        var again = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(7)) with { Title = "New" });
        Assert.Equal((first.Id, false), (again.Id, again.WasThere));
        Assert.Equal("New", (await FoundAsync(store, again.Id)).Title);
    }

    [Fact]
    public async Task Any_bytes_come_back_byte_for_byte()
    {
        var store = await OpenAsync();
        var random = new Random(1);
        var saved = new List<(DemoId Id, byte[] Bytes)>();
        byte[][] hard = [[0], [255], new byte[100_000], [0xFF, 0xFE, 0, (byte)'\'', (byte)'"', (byte)'\\', (byte)'\n', 0x80, 0xC3]];
        for (var number = 0; number < 60; number++)
        {
            var bytes = number < hard.Length ? hard[number] : new byte[random.Next(1, 20_000)];
            if (number >= hard.Length)
                random.NextBytes(bytes);
            saved.Add(((await store.SaveAsync(Owner, Demo(bytes))).Id, bytes));
        }

        foreach (var (id, bytes) in saved)
            Assert.Equal(bytes, (await FoundAsync(store, id)).Document.ToArray());
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("  two\r\nlines\tand\0nothing  ", "two  lines and nothing")]
    [InlineData("你好 👩‍👩‍👧 'quoted' \"twice\" \\ % _ ; DROP TABLE demos", "你好 👩‍👩‍👧 'quoted' \"twice\" \\ % _ ; DROP TABLE demos")]
    [InlineData("", "")]
    public async Task Any_title_is_kept_alike_by_both_databases(string title, string kept)
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one") with { Title = title });
        Assert.Equal(kept, (await FoundAsync(store, saved.Id)).Title);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_kept_as_a_replacement_character()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one") with { Title = "half \ud83d of a pair" });
        Assert.Equal("half \ufffd of a pair", (await FoundAsync(store, saved.Id)).Title);
    }

    [Fact]
    public async Task What_is_too_large_too_long_or_nothing_is_refused_with_one_sentence()
    {
        Options.MaxDocumentBytes = 2000;
        var store = await OpenAsync();
        await store.SaveAsync(Owner, Demo(new byte[2000]));
        var error = await Assert.ThrowsAsync<DemoStoreException>(() => store.SaveAsync(Owner, Demo(new byte[2001])));
        Assert.Equal(("demos.document_too_large", "This is too large to share: it has 2001 bytes, and 2000 are the most."), (error.Code, error.Message));
        Assert.Equal([2001, 2000], error.Arguments);
        Assert.Equal("demos.document_empty", await CodeAsync(() => store.SaveAsync(Owner, Demo([]))));
        Assert.Equal("demos.title_too_long", await CodeAsync(() => store.SaveAsync(Owner, Demo("one") with { Title = new string('x', 201) })));
        await store.SaveAsync(Owner, Demo("one") with { Title = new string('x', 200) });
    }

    [Fact]
    public async Task A_link_lasts_as_long_as_the_operator_allows()
    {
        var store = await OpenAsync();
        Assert.Equal("demos.lifetime", await CodeAsync(() => store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(2)))));
        Assert.Equal("demos.forever", await CodeAsync(() => store.SaveAsync(Owner, Demo("one", DemoLifetime.Forever))));
        Assert.Equal(new DateTimeOffset(2030, 6, 3, 4, 0, 0, TimeSpan.Zero), (await store.SaveAsync(Owner, Demo("one"))).ExpiresAt);

        Options.AllowForever = true;
        var saved = await store.SaveAsync(Owner, Demo("two", DemoLifetime.Forever));
        Assert.Null(saved.ExpiresAt);
        Time.Advance(TimeSpan.FromDays(100_000));
        Assert.Equal(1, (await store.SweepAsync()).Documents);
        Assert.IsType<FoundDemo>(await store.FindAsync(saved.Id));
    }

    [Fact]
    public async Task An_owner_who_has_all_links_that_one_may_have_revokes_one_first()
    {
        Options.MaxPerOwner = 2;
        var store = await OpenAsync();
        var first = await store.SaveAsync(Owner, Demo("one"));
        await store.SaveAsync(Owner, Demo("two"));
        Assert.Equal("demos.owner_full", await CodeAsync(() => store.SaveAsync(Owner, Demo("three"))));
        await store.SaveAsync(OwnerSecret.Create(), Demo("three"));
        Assert.True((await store.SaveAsync(Owner, Demo("two"))).WasThere);
        await store.RevokeAsync(Owner, first.Id);
        await store.SaveAsync(Owner, Demo("three"));
    }

    [Fact]
    public async Task Parallel_savers_never_take_more_than_an_owner_may_have()
    {
        Options.MaxPerOwner = 5;
        var store = await OpenAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            try
            {
                await store.SaveAsync(Owner, Demo($"demo {number}"));
                return "saved";
            }
            catch (DemoStoreException error)
            {
                return error.Code;
            }
        })));
        Assert.Equal(5, results.Count(result => result == "saved"));
        Assert.Equal(11, results.Count(result => result == "demos.owner_full"));
    }

    [Fact]
    public async Task A_full_store_takes_nothing_until_something_has_ended_and_was_swept()
    {
        Options.MaxTotalBytes = 25_000;
        var store = await OpenAsync();
        await store.SaveAsync(Owner, Demo(new byte[10_000], DemoLifetime.OfDays(1)));
        await store.SaveAsync(Owner, Demo(new byte[10_001], DemoLifetime.OfDays(30)));
        Assert.Equal("demos.store_full", await CodeAsync(() => store.SaveAsync(Owner, Demo(new byte[10_002]))));
        Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal("demos.store_full", await CodeAsync(() => store.SaveAsync(Owner, Demo(new byte[10_002]))));
        await store.SweepAsync();
        await store.SaveAsync(Owner, Demo(new byte[10_002]));
    }

    [Fact]
    public async Task What_was_saved_is_there_when_the_store_is_opened_again()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        store.CountView(saved.Id);
        await store.DisposeAsync();
        var again = await OpenAsync();
        await FoundAsync(again, saved.Id);
        Assert.Equal(1, Assert.Single(await again.ListAsync(Owner)).Views);
    }
}
