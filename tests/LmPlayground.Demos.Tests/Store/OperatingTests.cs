using LmPlayground.Demos.Tests.Support;

namespace LmPlayground.Demos.Tests.Store;

public sealed class OperatingOnSqlite : OperatingTests<SqliteTest>;

public sealed class OperatingOnPostgres : OperatingTests<PostgresTest>;

public abstract class OperatingTests<TDatabase> : StoreTest<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task Reports_are_listed_the_most_reported_first_and_the_operator_can_look()
    {
        var store = await OpenAsync();
        var one = await store.SaveAsync(Owner, Demo("one"));
        var two = await store.SaveAsync(Owner, Demo("two"));
        await store.SaveAsync(Owner, Demo("three"));
        Assert.True(await store.ReportAsync(one.Id, "Bad\0"));
        Assert.True(await store.ReportAsync(two.Id, "Worse"));
        Assert.True(await store.ReportAsync(two.Id, new string('x', 5000)));

        var reported = await store.ListReportsAsync();
        Assert.Equal([("About two", 2), ("About one", 1)], reported.Select(demo => (demo.Title, demo.Count)));
        Assert.Equal([5, 1000], reported[0].Reports.Select(report => report.Text.Length));
        Assert.Equal(new DemoReport(new DateTimeOffset(2030, 5, 4, 3, 0, 0, TimeSpan.Zero), "Bad"), Assert.Single(reported[1].Reports));
        Assert.Equal(Demo("two").Document, Assert.IsType<FoundDemo>(await store.InspectAsync(reported[0].IdHash)).Document.ToArray());
        Assert.Equal(Demo("two").DocumentHash, reported[0].DocumentHash);
    }

    [Fact]
    public async Task Of_many_reports_all_are_counted_and_twenty_are_kept()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        for (var number = 0; number < 25; number++)
            await store.ReportAsync(saved.Id, $"Report {number}");
        var reported = Assert.Single(await store.ListReportsAsync());
        Assert.Equal((25, 20, "Report 0"), (reported.Count, reported.Reports.Count, reported.Reports[0].Text));
    }

    [Fact]
    public async Task What_does_not_work_is_not_reported()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        await store.ReportAsync(saved.Id, "Bad");
        await store.RevokeAsync(Owner, saved.Id);
        Assert.False(await store.ReportAsync(saved.Id, "Bad"));
        Assert.False(await store.ReportAsync(DemoId.Of(Owner, Demo("nothing").DocumentHash, 0), "Bad"));
        Assert.Empty(await store.ListReportsAsync());
    }

    [Theory]
    [InlineData("link")]
    [InlineData("link's hash")]
    [InlineData("document's hash")]
    public async Task The_operators_switch_ends_every_link_to_a_document_and_blocks_it(string by)
    {
        var store = await OpenAsync();
        var other = OwnerSecret.Create();
        var mine = await store.SaveAsync(Owner, Demo("bad"));
        var theirs = await store.SaveAsync(other, Demo("bad"));
        var good = await store.SaveAsync(Owner, Demo("good"));
        var killed = by switch
        {
            "link" => await store.KillAsync(theirs.Id),
            "link's hash" => await store.KillAsync(mine.Id.Hash),
            _ => await store.KillAsync(Demo("bad").DocumentHash),
        };
        Assert.Equal(Demo("bad").DocumentHash, killed.DocumentHash);
        Assert.Equal(new[] { mine.Id.Hash, theirs.Id.Hash }.OrderBy(hash => hash.ToString(), StringComparer.Ordinal), killed.Links);

        // The title is gone too: it may be what was bad.
        Assert.Equal(new RevokedDemo("", ByOperator: true), await store.FindAsync(mine.Id));
        Assert.Equal(new RevokedDemo("", ByOperator: true), await store.FindAsync(theirs.Id));
        await FoundAsync(store, good.Id);
        Assert.Equal("demos.blocked", await CodeAsync(() => store.SaveAsync(OwnerSecret.Create(), Demo("bad"))));
        Assert.Equal("demos.killed", await CodeAsync(() => store.RenameAsync(Owner, mine.Id, "Bad again")));
        Assert.Equal("demos.killed", await CodeAsync(() => store.SetExpiryAsync(Owner, mine.Id, DemoLifetime.OfDays(7))));
        Assert.True((await store.ListAsync(Owner)).Single(demo => demo.Id == mine.Id).ByOperator);
        Assert.Empty((await store.KillAsync(Demo("bad").DocumentHash)).Links);
    }

    [Fact]
    public async Task The_operators_switch_can_be_undone_for_the_document_and_not_for_its_links()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("good after all"));
        Assert.False(await store.AllowAsync(saved.Id));
        await store.KillAsync(saved.Id);
        Assert.True(await store.AllowAsync(saved.Id));
        Assert.Equal(new RevokedDemo("", ByOperator: true), await store.FindAsync(saved.Id));
        await FoundAsync(store, (await store.SaveAsync(Owner, Demo("good after all"))).Id);
        await store.KillAsync(Demo("never seen").DocumentHash);
        Assert.True(await store.AllowAsync(Demo("never seen").DocumentHash));
        Assert.False(await store.AllowAsync(Demo("never seen").DocumentHash));
    }

    [Fact]
    public async Task The_hash_of_a_forgotten_link_is_not_taken_for_a_documents()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        await store.RevokeAsync(Owner, saved.Id);
        Time.Advance(TimeSpan.FromDays(2));
        await store.PurgeAsync(Time.GetUtcNow());
        Assert.Equal("demos.unknown", await CodeAsync(() => store.KillAsync(saved.Id.Hash)));
    }

    [Fact]
    public async Task The_list_shows_every_demo_with_its_state_and_no_document()
    {
        var store = await OpenAsync();
        var expired = await store.SaveAsync(Owner, Demo("expired", DemoLifetime.OfDays(1)));
        var killed = await store.SaveAsync(Owner, Demo("killed"));
        var revoked = await store.SaveAsync(OwnerSecret.Create(), Demo("theirs"));
        var mine = await store.SaveAsync(Owner, Demo("revoked"));
        await store.RevokeAsync(Owner, mine.Id);
        await store.KillAsync(killed.Id);
        Time.Advance(TimeSpan.FromDays(2));
        var works = await store.SaveAsync(Owner, Demo("works") with { IsEncrypted = true });
        await store.SetInGalleryAsync(works.Id, shown: true);
        await store.ReportAsync(works.Id, "Bad");
        store.CountView(works.Id);
        await store.SweepAsync();

        var all = new List<KeptDemo>();
        Assert.Equal(5, await store.ListAllAsync(demo =>
        {
            all.Add(demo);
            return Task.CompletedTask;
        }));
        Assert.Equal(
            new KeptDemo(
                works.Id.Hash, Demo("works").DocumentHash, "About works", "run", true, LinkState.Works, true, DemoClock.RoundDown(Time.GetUtcNow()), works.ExpiresAt,
                null, 1, 1, 512 + Demo("works").Document.Length),
            all[0]);
        Assert.Equal(LinkState.Expired, all.Single(demo => demo.IdHash == expired.Id.Hash).State);
        Assert.Equal(LinkState.Revoked, all.Single(demo => demo.IdHash == mine.Id.Hash).State);
        Assert.Equal((LinkState.Killed, ""), all.Where(demo => demo.IdHash == killed.Id.Hash).Select(demo => (demo.State, demo.Title)).Single());
        Assert.Equal(LinkState.Works, all.Single(demo => demo.IdHash == revoked.Id.Hash).State);
    }

    [Fact]
    public async Task A_document_can_be_blocked_before_anybody_saves_it()
    {
        var store = await OpenAsync();
        Assert.Empty((await store.KillAsync(Demo("bad").DocumentHash)).Links);
        Assert.Equal("demos.blocked", await CodeAsync(() => store.SaveAsync(Owner, Demo("bad"))));
        Assert.Equal("demos.unknown", await CodeAsync(() => store.KillAsync(DemoId.Of(Owner, Demo("bad").DocumentHash, 0))));
    }

    [Fact]
    public async Task The_gallery_has_what_was_put_there_as_long_as_it_works()
    {
        var store = await OpenAsync();
        var one = await store.SaveAsync(Owner, Demo("one", DemoLifetime.OfDays(1)));
        Time.Advance(TimeSpan.FromHours(2));
        var two = await store.SaveAsync(Owner, Demo("two"));
        await store.SaveAsync(Owner, Demo("three"));
        await store.SetInGalleryAsync(two.Id, shown: true);
        await store.SetInGalleryAsync(one.Id, shown: true);
        Assert.Equal([new(one.Id, "About one", "run"), new GalleryDemo(two.Id, "About two", "run")], await store.ListGalleryAsync());
        Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal([two.Id], (await store.ListGalleryAsync()).Select(demo => demo.Id));
        Assert.Equal("demos.unknown", await CodeAsync(() => store.SetInGalleryAsync(one.Id, shown: true)));
        await store.SetInGalleryAsync(two.Id, shown: false);
        Assert.Empty(await store.ListGalleryAsync());
    }

    [Fact]
    public async Task A_purge_forgets_what_ended_long_ago_and_no_revoked_link_comes_back_to_life()
    {
        var store = await OpenAsync();
        var expired = await store.SaveAsync(Owner, Demo("expired", DemoLifetime.OfDays(1)));
        var revoked = await store.SaveAsync(Owner, Demo("revoked"));
        await store.ReportAsync(revoked.Id, "Bad");
        await store.RevokeAsync(Owner, revoked.Id);
        Time.Advance(TimeSpan.FromDays(10));
        var late = await store.SaveAsync(Owner, Demo("late"));
        await store.RevokeAsync(Owner, late.Id);
        var works = await store.SaveAsync(Owner, Demo("works"));

        Assert.Equal(2, await store.PurgeAsync(Time.GetUtcNow().AddDays(-5)));
        Assert.Equal(0, await store.PurgeAsync(Time.GetUtcNow().AddDays(-5)));
        Assert.IsType<UnknownDemo>(await store.FindAsync(expired.Id));
        Assert.Equal(new RevokedDemo("", ByOperator: false), await store.FindAsync(revoked.Id));
        Assert.Equal(new RevokedDemo("About late", ByOperator: false), await store.FindAsync(late.Id));
        Assert.Equal([works.Id, late.Id], (await store.ListAsync(Owner)).OrderBy(demo => demo.IsOver).Select(demo => demo.Id));

        Assert.Equal(DemoId.Of(Owner, Demo("revoked").DocumentHash, 1), (await store.SaveAsync(Owner, Demo("revoked"))).Id);
        Assert.Equal(expired.Id, (await store.SaveAsync(Owner, Demo("expired"))).Id);
    }

    [Fact]
    public async Task A_purge_leaves_what_works_whatever_time_it_is_given()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        Assert.Equal(0, await store.PurgeAsync(DateTimeOffset.MaxValue));
        await FoundAsync(store, saved.Id);
    }

    [Fact]
    public async Task A_sweep_of_many_deletes_them_all()
    {
        var store = await OpenAsync();
        for (var number = 0; number < 101; number++)
            await store.SaveAsync(Owner, Demo($"demo {number}", DemoLifetime.OfDays(1)));
        var works = await store.SaveAsync(Owner, Demo("works"));
        Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(101, (await store.SweepAsync()).Documents);
        await FoundAsync(store, works.Id);
    }

    [Fact]
    public async Task Nothing_that_was_written_or_named_is_logged()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("Geheimnis"));
        await store.RenameAsync(Owner, saved.Id, "Geheimnis");
        await store.ReportAsync(saved.Id, "Geheimnis");
        await store.KillAsync(saved.Id);
        await store.PurgeAsync(DateTimeOffset.MaxValue);
        Assert.Contains("A demo was reported", Log.Text, StringComparison.Ordinal);
        Assert.Contains("The operator ended 1 links", Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Geheimnis", Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(saved.Id.ToString(), Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Owner.Reveal(), Log.Text, StringComparison.Ordinal);
    }
}
