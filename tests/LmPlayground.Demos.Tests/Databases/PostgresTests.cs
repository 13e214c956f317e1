using System.Net;
using System.Net.Sockets;
using LmPlayground.Demos.Databases;
using LmPlayground.Demos.Tests.Support;
using Npgsql;

namespace LmPlayground.Demos.Tests.Databases;

public sealed class PostgresTests : StoreTest<PostgresTest>
{
    private PostgresLocation Location => (PostgresLocation)Database.Location;

    [Fact]
    public async Task Several_that_start_at_the_same_time_on_an_empty_database_all_start_and_share_it()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(OpenAsync)));
        var saved = await Task.WhenAll(stores.SelectMany(store => Enumerable.Range(0, 4).Select(_ => Task.Run(() => store.SaveAsync(Owner, Demo("one"))))));
        Assert.Single(saved.Select(one => one.Id).Distinct());
        Assert.Single(saved, one => !one.WasThere);
        await stores[0].RevokeAsync(Owner, saved[0].Id);
        Assert.IsType<RevokedDemo>(await stores[3].FindAsync(saved[0].Id));
    }

    [Fact]
    public async Task Servers_that_share_a_database_never_give_an_owner_more_than_one_may_have()
    {
        Options.MaxPerOwner = 3;
        var stores = await Task.WhenAll(OpenAsync(), OpenAsync());
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(async () =>
        {
            try
            {
                await stores[number % 2].SaveAsync(Owner, Demo($"demo {number}"));
                return true;
            }
            catch (DemoStoreException)
            {
                return false;
            }
        })));
        Assert.Equal(3, results.Count(saved => saved));
    }

    [Fact]
    public async Task Another_program_that_holds_the_lock_is_waited_for_and_then_told()
    {
        var store = await OpenAsync(Location with { BusyTimeout = TimeSpan.FromMilliseconds(200) });
        var saved = await store.SaveAsync(Owner, Demo("one"));
        await using var other = RawConnection.To(Database);
        await other.ExecuteAsync("BEGIN; SELECT pg_advisory_xact_lock(1684368751, hashtext(current_schema()))");
        Assert.Equal("demos.database_busy", await CodeAsync(() => store.SaveAsync(Owner, Demo("two"))));
        await FoundAsync(store, saved.Id);
        await other.ExecuteAsync("ROLLBACK");
        await store.SaveAsync(Owner, Demo("two"));
    }

    [Fact]
    public async Task An_answer_waits_for_the_disk_even_where_the_database_is_set_not_to()
    {
        var lazy = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Options = "-c synchronous_commit=off" }.ToString();
        await using var database = new PostgresDatabase(new PostgresLocation(lazy), Log);
        await database.OpenAsync(CancellationToken.None);
        var value = await database.WriteAsync(context => RawConnection.ScalarAsync(context, "SHOW synchronous_commit"), repeatable: true, CancellationToken.None);
        Assert.Equal("on", value);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_not_explained_as_something_else()
    {
        var store = await OpenAsync();
        await using var other = RawConnection.To(Database);
        await other.ExecuteAsync("BEGIN; SELECT pg_advisory_xact_lock(1684368751, hashtext(current_schema()))");
        using var cancellation = new CancellationTokenSource();
        var saving = store.SaveAsync(Owner, Demo("one"), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
    }

    [Fact]
    public async Task What_is_wrong_with_a_server_or_its_user_is_told_in_one_sentence_without_the_password()
    {
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await RefusedAsync("demos.database_unreachable", server => (server.Host, server.Port) = ("127.0.0.1", ((IPEndPoint)nobody.LocalEndPoint!).Port));
        await RefusedAsync("demos.no_database", server => server.Database = "no_such_database");
        await RefusedAsync("demos.no_rights", server => server.SearchPath = "no_such_schema");
        await RefusedAsync("demos.login_refused", server => server.Password = "wrong-secret");
        await RefusedAsync("demos.database_read_only", server => server.Options = "-c default_transaction_read_only=on");
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_not_repeated()
    {
        var error = await Assert.ThrowsAsync<DemoStoreException>(() => OpenAsync(DemoStoreLocation.InPostgres("Host=here;Passwrd=wrong-secret")));
        Assert.Equal("demos.connection_string", error.Code);
        Assert.DoesNotContain("wrong-secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", DemoStoreLocation.InPostgres("Password=wrong-secret").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_told_in_one_sentence()
    {
        // No server can be filled by a test; one of its functions can say what it would say.
        var store = await OpenAsync();
        await using (var raw = RawConnection.To(Database))
        {
            await raw.ExecuteAsync(
                """
                CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
                CREATE TRIGGER full_disk BEFORE INSERT ON documents FOR EACH ROW EXECUTE FUNCTION full_disk();
                """);
        }

        Assert.Equal("demos.disk_full", await CodeAsync(() => store.SaveAsync(Owner, Demo("one"))));
        Assert.Empty(await store.ListAsync(Owner));
    }

    [Fact]
    public async Task A_backup_is_the_matter_of_pg_dump()
    {
        var error = await Assert.ThrowsAsync<DemoStoreException>(async () => await (await OpenAsync()).BackupAsync("demos.dump"));
        Assert.Equal("demos.backup_elsewhere", error.Code);
        Assert.Contains("pg_dump --format=custom --file=demos.dump", error.Message, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string code, Action<NpgsqlConnectionStringBuilder> change)
    {
        var server = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false };
        change(server);
        var error = await Assert.ThrowsAsync<DemoStoreException>(() => OpenAsync(DemoStoreLocation.InPostgres(server.ToString())));
        Assert.Equal(code, error.Code);
        Assert.DoesNotContain("wrong-secret", error.Message, StringComparison.Ordinal);
    }
}
