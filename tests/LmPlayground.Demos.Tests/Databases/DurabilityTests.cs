using LmPlayground.Demos.Tests.Support;

namespace LmPlayground.Demos.Tests.Databases;

public sealed class DurabilityOnSqlite : DurabilityTests<SqliteTest>;

public sealed class DurabilityOnPostgres : DurabilityTests<PostgresTest>;

public abstract class DurabilityTests<TDatabase> : StoreTest<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task Kill_during_a_thousand_saves_loses_none_that_was_acknowledged()
    {
        // Killed at moments that nobody chose, most in the middle of a save; the next one begins behind what the last one may have begun.
        var random = new Random();
        var savers = new List<SaverProcess>();
        for (var saved = 0; saved < 1000;)
        {
            var saver = await SaverProcess.StartAsync(Database, Owner, savers.Count * 1000, 1000);
            savers.Add(saver);
            await saver.ReadUntilAsync(random.Next(250, 450));
            await saver.KillAsync();
            saved += saver.Acknowledged.Count;
        }

        var store = await OpenAsync();
        foreach (var saver in savers)
        {
            await saver.CheckAsync(store, Owner);
            await saver.DisposeAsync();
        }

        await using var raw = RawConnection.To(Database);
        if (Database is SqliteTest)
            Assert.Equal("ok", Assert.Single(await raw.QueryAsync("PRAGMA integrity_check"))[0]);
    }

    [Fact]
    public async Task A_second_process_is_refused_in_words_or_shares_and_a_crash_leaves_no_lock()
    {
        await using var first = await SaverProcess.StartAsync(Database, Owner, 0, 1);
        await first.ReadUntilAsync(1);
        await using var second = await SaverProcess.StartAsync(Database, Owner, 0, 1);
        if (Database is SqliteTest)
        {
            Assert.Contains("demos.in_use Another playground uses the demos in", second.Refusal, StringComparison.Ordinal);
        }
        else
        {
            await second.ReadUntilAsync(1);
            Assert.Equal(first.Acknowledged, second.Acknowledged);
        }

        await first.KillAsync();
        await second.KillAsync();
        await first.CheckAsync(await OpenAsync(), Owner);
    }
}
