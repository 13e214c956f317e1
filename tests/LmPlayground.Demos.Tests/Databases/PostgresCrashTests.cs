using LmPlayground.Demos.Tests.Support;
using Npgsql;

namespace LmPlayground.Demos.Tests.Databases;

/// <summary>Crashes the whole server of PostgreSQL: no other test may be using it.</summary>
[CollectionDefinition(nameof(PostgresCrash), DisableParallelization = true)]
public sealed class PostgresCrash;

[Collection(nameof(PostgresCrash))]
public sealed class PostgresCrashTests : StoreTest<PostgresTest>
{
    private const string MayCrash = "LMPLAYGROUND_POSTGRES_MAY_CRASH";

    [Fact]
    public async Task A_crash_of_the_database_during_saves_loses_none_that_was_acknowledged()
    {
        await RequirePermissionAsync();
        await using var saver = await SaverProcess.StartAsync(Database, Owner, 0, 2000);
        await saver.ReadUntilAsync(60);
        await CrashAsync();
        await saver.KillAsync();
        await RecoveredAsync();
        await saver.CheckAsync(await OpenAsync(), Owner);
    }

    [Fact]
    public async Task Stores_whose_database_was_restarted_go_on_as_if_nothing_had_been()
    {
        await RequirePermissionAsync();
        var reader = await OpenAsync();
        var writer = await OpenAsync();
        var saved = await reader.SaveAsync(Owner, Demo("one"));
        await FoundAsync(writer, saved.Id);
        await CrashAsync();
        await RecoveredAsync();

        // The connections that both have are broken now.
        await FoundAsync(reader, saved.Id);
        await writer.SaveAsync(Owner, Demo("two"));
        Assert.Equal(2, (await reader.ListAsync(Owner)).Count);
    }

    // A process of the server that dies of SIGKILL makes it end all others at once and recover from its log. $PPID is the one that asks.
    private static async Task CrashAsync() =>
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => PostgresTest.ExecuteAsync("COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'"));

    // A server that somebody works on is not made to crash because a test was run.
    private async Task RequirePermissionAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(MayCrash) == "1", $"The server of PostgreSQL is made to crash only if {MayCrash} is 1, as .ci/run sets it for its own.");
        await using var raw = RawConnection.To(Database);
        var isSuperuser = await raw.QueryAsync("SELECT rolsuper FROM pg_roles WHERE rolname = current_user");
        Assert.SkipUnless(isSuperuser[0][0] == "True", $"The user in {PostgresTest.Variable} is no superuser, and only one can make a server of PostgreSQL crash.");
    }

    // The server refuses everybody until it has recovered. There is nothing to wait on but its answer; asking without a pause would only keep it busy.
    private static async Task RecoveredAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromMinutes(2); await pace.WaitForNextTickAsync())
        {
            try
            {
                await PostgresTest.ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException)
            {
            }
        }

        Assert.Fail("The server of PostgreSQL did not recover.");
    }
}
