using LmPlayground.Demos.Tests.Support;

namespace LmPlayground.Demos.Tests.Store;

public sealed class StateOnSqlite : StateTests<SqliteTest>;

public sealed class StateOnPostgres : StateTests<PostgresTest>;

/// <summary>What another process or machine hears of a demo, from the moment on at which a change was acknowledged.</summary>
public abstract class StateTests<TDatabase> : StoreTest<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task What_was_revoked_here_works_nowhere_from_that_moment_on()
    {
        var here = await OpenAsync();
        var there = await OpenAsync(Database.Beside);
        for (var number = 0; number < 100; number++)
        {
            var saved = await here.SaveAsync(Owner, Demo($"document {number}"));
            Assert.Equal(new DemoState($"About document {number}", saved.ExpiresAt), await there.StateAsync(saved.Id));
            await here.RevokeAsync(Owner, saved.Id);
            Assert.Null(await there.StateAsync(saved.Id));
        }
    }

    [Fact]
    public async Task A_name_an_end_and_the_operators_switch_are_seen_there_at_once()
    {
        var here = await OpenAsync();
        var there = await OpenAsync(Database.Beside);
        var saved = await here.SaveAsync(Owner, Demo("document"));
        Assert.Equal((await FoundAsync(there, saved.Id)).State, await there.StateAsync(saved.Id));
        await here.RenameAsync(Owner, saved.Id, "Another name");
        Assert.Equal("Another name", (await there.StateAsync(saved.Id))?.Title);
        var end = await here.SetExpiryAsync(Owner, saved.Id, DemoLifetime.OfDays(1));
        Assert.Equal(end, (await there.StateAsync(saved.Id))?.ExpiresAt);
        Assert.Equal((await FoundAsync(there, saved.Id)).State, await there.StateAsync(saved.Id));
        await here.KillAsync(saved.Id);
        Assert.Null(await there.StateAsync(saved.Id));
    }

    [Fact]
    public async Task Nothing_works_behind_a_link_that_has_expired_or_that_nobody_made()
    {
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("document", DemoLifetime.OfDays(1)));
        Assert.Null(await store.StateAsync(default));
        Time.SetUtcNow(saved.ExpiresAt!.Value.AddTicks(-1));
        Assert.NotNull(await store.StateAsync(saved.Id));
        Time.SetUtcNow(saved.ExpiresAt!.Value);
        Assert.Null(await store.StateAsync(saved.Id));
    }
}
