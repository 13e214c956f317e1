using LmPlayground.Demos.Storing;
using LmPlayground.Demos.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LmPlayground.Demos.Tests.Databases;

/// <summary>Crashes the whole server of PostgreSQL: no other test may be using it.</summary>
[CollectionDefinition(nameof(PostgresCrash), DisableParallelization = true)]
public sealed class PostgresCrash;

[Collection(nameof(PostgresCrash))]
public sealed class PostgresCrashTests : StoreTest<PostgresTest>
{
    [Fact]
    public async Task A_crash_of_the_database_during_saves_loses_none_that_was_acknowledged()
    {
        await RequireSuperuserAsync();
        await using var saver = await SaverProcess.StartAsync(Database, Owner, 0, 2000);
        await saver.ReadUntilAsync(60);
        await CrashAsync();
        await saver.KillAsync();
        await using var store = await OpenWhenReadyAsync();
        await saver.CheckAsync(store, Owner);
    }

    [Fact]
    public async Task A_store_whose_database_was_restarted_goes_on_as_if_nothing_had_been()
    {
        await RequireSuperuserAsync();
        var store = await OpenAsync();
        var saved = await store.SaveAsync(Owner, Demo("one"));
        await CrashAsync();
        await (await OpenWhenReadyAsync()).DisposeAsync();

        // Its own connections are broken now.
        await FoundAsync(store, saved.Id);
        await CrashAsync();
        await (await OpenWhenReadyAsync()).DisposeAsync();
        await store.SaveAsync(Owner, Demo("two"));
        Assert.Equal(2, (await store.ListAsync(Owner)).Count);
    }

    // A process of the server that dies of SIGKILL makes it end all others at once and recover from its log. $PPID is the one that asks.
    private static async Task CrashAsync() =>
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => PostgresTest.ExecuteAsync("COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'"));

    private async Task RequireSuperuserAsync()
    {
        await using var raw = RawConnection.To(Database);
        var isSuperuser = await raw.QueryAsync("SELECT rolsuper FROM pg_roles WHERE rolname = current_user");
        Assert.SkipUnless(isSuperuser[0][0] == "True", $"The user in {PostgresTest.Variable} is no superuser, and only one can make a server of PostgreSQL crash.");
    }

    // The server says that it is starting until it has recovered; there is nothing to wait on but its answer.
    private async Task<DemoStore> OpenWhenReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await DemoStore.OpenAsync(Database.Location, Options, Time, NullLogger<DemoStore>.Instance, limit.Token);
            }
            catch (DemoStoreException error) when (error.Code == "demos.database_unreachable")
            {
                await Task.Yield();
            }
        }
    }
}
