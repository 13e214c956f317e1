using LmPlayground.Demos.Tests.Support;

namespace LmPlayground.Demos.Tests.Store;

public sealed class OwningOnSqlite : OwningTests<SqliteTest>;

public sealed class OwningOnPostgres : OwningTests<PostgresTest>;

public abstract class OwningTests<TDatabase> : StoreTest<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task An_owner_lists_links_with_their_dates_and_nobody_elses()
    {
        var store = await OpenAsync();
        var ended = await store.SaveAsync(Owner, Demo("ended", DemoLifetime.OfDays(1)));
        Time.Advance(TimeSpan.FromDays(2));
        var revoked = await store.SaveAsync(Owner, Demo("revoked"));
        await store.RevokeAsync(Owner, revoked.Id);
        Time.Advance(TimeSpan.FromDays(1));
        var works = await store.SaveAsync(Owner, Demo("works") with { Kind = "search", IsEncrypted = true });
        await store.SaveAsync(OwnerSecret.Create(), Demo("works"));
        await store.SweepAsync();

        var list = await store.ListAsync(Owner);
        Assert.Equal([works.Id, revoked.Id, ended.Id], list.Select(demo => demo.Id));
        Assert.Equal(["About works", "About revoked", "About ended"], list.Select(demo => demo.Title));
        Assert.Equal([false, true, true], list.Select(demo => demo.IsOver));
        Assert.Equal(("search", true, works.ExpiresAt, null), (list[0].Kind, list[0].IsEncrypted, list[0].ExpiresAt, list[0].RevokedAt));
        Assert.Equal(new DateTimeOffset(2030, 5, 6, 3, 0, 0, TimeSpan.Zero), list[1].RevokedAt);
        Assert.Empty(await store.ListAsync(OwnerSecret.Create()));
    }

    [Fact]
    public async Task A_revoked_link_keeps_its_title_and_loses_its_document_at_once()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        await store.RevokeAsync(Owner, saved.Id);
        Assert.Equal(new RevokedDemo("About one", ByOperator: false), await store.FindAsync(saved.Id));
        Assert.Equal(0, (await store.SweepAsync()).Documents);

        Time.Advance(TimeSpan.FromDays(1));
        await store.RevokeAsync(Owner, saved.Id);
        Assert.Equal(new DateTimeOffset(2030, 5, 4, 3, 0, 0, TimeSpan.Zero), Assert.Single(await store.ListAsync(Owner)).RevokedAt);
    }

    [Fact]
    public async Task A_link_ends_at_its_end_and_keeps_its_title_before_and_after_the_sweep()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(1)));
        Time.SetUtcNow(saved.ExpiresAt!.Value.AddSeconds(-1));
        await FoundAsync(store, saved.Id);
        Time.SetUtcNow(saved.ExpiresAt.Value);
        Assert.Equal(new ExpiredDemo("About one"), await store.FindAsync(saved.Id));
        Assert.Equal(1, (await store.SweepAsync()).Documents);
        Assert.Equal(0, (await store.SweepAsync()).Documents);
        Assert.Equal(new ExpiredDemo("About one"), await store.FindAsync(saved.Id));
    }

    [Fact]
    public async Task An_owner_sets_another_end_longer_or_shorter_counted_from_now()
    {
        Options.AllowForever = true;
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(7)));
        Assert.Equal(new DateTimeOffset(2030, 5, 5, 4, 0, 0, TimeSpan.Zero), await store.SetExpiryAsync(Owner, saved.Id, DemoLifetime.OfDays(1)));
        Assert.Null(await store.SetExpiryAsync(Owner, saved.Id, DemoLifetime.Forever));
        Assert.Null((await FoundAsync(store, saved.Id)).ExpiresAt);
        Assert.Equal("demos.lifetime", await CodeAsync(() => store.SetExpiryAsync(Owner, saved.Id, DemoLifetime.OfDays(8))));
    }

    [Fact]
    public async Task What_has_ended_gets_no_other_end()
    {
        var store = await OpenAsync();
        var revoked = await store.SaveAsync(Owner, Demo("one"));
        await store.RevokeAsync(Owner, revoked.Id);
        var expired = await store.SaveAsync(Owner, Demo("two", DemoLifetime.OfDays(1)));
        Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal("demos.revoked", await CodeAsync(() => store.SetExpiryAsync(Owner, revoked.Id, DemoLifetime.OfDays(7))));
        Assert.Equal("demos.expired", await CodeAsync(() => store.SetExpiryAsync(Owner, expired.Id, DemoLifetime.OfDays(7))));
    }

    [Fact]
    public async Task Another_owner_changes_nothing_and_learns_nothing()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        var stranger = OwnerSecret.Create();
        foreach (var id in new[] { saved.Id, DemoId.Of(stranger, Demo("one").DocumentHash, 0) })
        {
            Assert.Equal("demos.not_yours", await CodeAsync(() => store.RevokeAsync(stranger, id)));
            Assert.Equal("demos.not_yours", await CodeAsync(() => store.RenameAsync(stranger, id, "Theirs")));
            Assert.Equal("demos.not_yours", await CodeAsync(() => store.SetExpiryAsync(stranger, id, DemoLifetime.OfDays(1))));
        }

        var found = await FoundAsync(store, saved.Id);
        Assert.Equal(("About one", saved.ExpiresAt), (found.Title, found.ExpiresAt));
    }

    [Fact]
    public async Task A_title_can_be_changed_even_of_what_is_left()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        await store.RevokeAsync(Owner, saved.Id);
        await store.RenameAsync(Owner, saved.Id, " Another ");
        Assert.Equal(new RevokedDemo("Another", ByOperator: false), await store.FindAsync(saved.Id));
        Assert.Equal("demos.title_too_long", await CodeAsync(() => store.RenameAsync(Owner, saved.Id, new string('x', 201))));
    }

    [Fact]
    public async Task Views_of_parallel_readers_add_up()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(reader => Task.Run(async () =>
        {
            for (var view = 0; view < 50; view++)
            {
                store.CountView(saved.Id);
                if (reader % 4 == 0 && view % 10 == 0)
                    await store.SweepAsync();
            }
        })));
        store.CountView(DemoId.Of(Owner, Demo("nothing").DocumentHash, 0));
        Assert.Equal(800, Assert.Single(await store.ListAsync(Owner)).Views);
        await store.SweepAsync();
        Assert.Equal(800, Assert.Single(await store.ListAsync(Owner)).Views);
    }

    [Fact]
    public async Task The_owner_sees_views_that_are_not_written_yet()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        store.CountView(saved.Id);
        store.CountView(saved.Id);
        Assert.Equal(2, Assert.Single(await store.ListAsync(Owner)).Views);
        Assert.Equal(new DemoSweep(0, 2), await store.SweepAsync());
        Assert.Equal(new DemoSweep(0, 0), await store.SweepAsync());
    }
}
