using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using LmPlayground.Demos;
using LmPlayground.Web.Hosting;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LmPlayground.Web.Tests;

/// <summary>
/// Servers on one database. What changes a demo is done to the store itself, so that the server whose answers are looked at is not told: on SQLite
/// its own store, on PostgreSQL that of another server.
/// </summary>
public sealed class DemoNodesTests : IAsyncLifetime
{
    private const string Variable = "LMPLAYGROUND_POSTGRES";

    private readonly TemporaryFolder _folder = new();
    private readonly OwnerSecret _owner = OwnerSecret.Create();
    private readonly List<WebApplication> _nodes = [];
    private string? _schema;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Golden => Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1", "ngram.json");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.Services.GetRequiredService<DemoShelf>().StopAsync(CancellationToken.None);
            await node.DisposeAsync();
        }

        _folder.Dispose();
        if (_schema is not null)
            await ExecuteAsync(Environment.GetEnvironmentVariable(Variable)!, $"DROP SCHEMA {_schema} CASCADE");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_revoke_is_acknowledged_no_server_answers_the_demo_again(bool isPostgres)
    {
        var (store, node) = await StartAsync(isPostgres);
        for (var number = 0; number < 10; number++)
        {
            var id = await SaveAsync(store, $"Demo {number}");
            Assert.Equal(200, (await AnswerAsync(node, id, "page")).Status);
            var revoked = long.MaxValue;
            var answers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                var seen = new List<(long Began, int Status)>();
                do
                    seen.Add((Stopwatch.GetTimestamp(), (await AnswerAsync(node, id, "page")).Status));
                while (seen[^1].Began <= Volatile.Read(ref revoked));
                return seen;
            })).ToArray();
            await store.RevokeAsync(_owner, id, Cancellation);
            Volatile.Write(ref revoked, Stopwatch.GetTimestamp());
            foreach (var (began, status) in (await Task.WhenAll(answers)).SelectMany(seen => seen))
                Assert.True(began <= revoked || status == 410, $"An answer that began after the revoke has the status {status}.");
        }
    }

    [Theory]
    [InlineData(false, "page")]
    [InlineData(true, "page")]
    [InlineData(false, "png")]
    [InlineData(true, "png")]
    public async Task Another_name_or_end_makes_another_answer_and_the_same_stays_what_was_rendered(bool isPostgres, string kind)
    {
        var (store, node) = await StartAsync(isPostgres);
        var id = await SaveAsync(store, "Demo");
        var first = await AnswerAsync(node, id, kind);
        Assert.Same(first, await AnswerAsync(node, id, kind));
        await store.RenameAsync(_owner, id, "Another name", Cancellation);
        var renamed = await AnswerAsync(node, id, kind);
        Assert.NotSame(first, renamed);
        Assert.Same(renamed, await AnswerAsync(node, id, kind));
        await store.SetExpiryAsync(_owner, id, DemoLifetime.OfDays(1), Cancellation);
        Assert.NotSame(renamed, await AnswerAsync(node, id, kind));
        await store.KillAsync(id, Cancellation);
        Assert.Equal(410, (await AnswerAsync(node, id, kind)).Status);
    }

    [Fact]
    public async Task While_the_store_cannot_be_asked_nothing_is_answered_from_memory()
    {
        var demos = new BreakingDemos(await PackedAsync());
        var node = Node("", demos);
        Assert.Equal(200, (await AnswerAsync(node, default, "page")).Status);
        demos.IsBroken = true;
        Assert.Equal(503, (await AnswerAsync(node, default, "page")).Status);
        demos.IsBroken = false;
        Assert.Equal(200, (await AnswerAsync(node, default, "page")).Status);
    }

    /// <summary>A store that is written to, and a server that shows what is in it.</summary>
    private async Task<(IDemoStore Store, WebApplication Node)> StartAsync(bool isPostgres)
    {
        if (!isPostgres)
        {
            var lone = Node("");
            return (await StoreAsync(lone), lone);
        }

        var server = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"There is no PostgreSQL: {Variable} has no connection string. .ci/run starts one.");
        _schema = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync(server!, $"CREATE SCHEMA {_schema}");
        var connection = new NpgsqlConnectionStringBuilder(server) { SearchPath = _schema, MaxPoolSize = 20 }.ToString();
        return (await StoreAsync(Node(connection)), Node(connection));
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ToString());
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private WebApplication Node(string postgres, IDemoSource? source = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        if (source is not null)
            builder.Services.AddSingleton(source);
        builder.Logging.ClearProviders();
        builder.Configuration["Data:Directory"] = _folder["data"];
        builder.Configuration["ConnectionStrings:Demos"] = postgres;
        builder.Services.AddPlayground(builder.Configuration, []);
        var node = builder.Build();
        _nodes.Add(node);
        return node;
    }

    private static Task<IDemoStore> StoreAsync(WebApplication node) => node.Services.GetRequiredService<DemoShelf>().OpenAsync(Cancellation);

    private async Task<DemoId> SaveAsync(IDemoStore store, string title)
    {
        var saved = await store.SaveAsync(
            _owner,
            new NewDemo { DocumentHash = Hash256.Of(Encoding.UTF8.GetBytes(title)), Document = await PackedAsync(), Codec = "br", Size = 0, Title = title, Kind = "run" },
            Cancellation);
        return saved.Id;
    }

    private static async Task<byte[]> PackedAsync()
    {
        using var packed = new MemoryStream();
        await using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
            await brotli.WriteAsync(await File.ReadAllBytesAsync(Golden, Cancellation), Cancellation);
        return packed.ToArray();
    }

    private static Task<DemoAnswer> AnswerAsync(WebApplication node, DemoId id, string kind) =>
        node.Services.GetRequiredService<DemoRenderings>().AnswerAsync(new DemoAsked(id.ToString(), kind, "en"), path => path, Cancellation);

    /// <summary>One demo of a store that can break.</summary>
    private sealed class BreakingDemos(byte[] document) : IDemoSource
    {
        internal bool IsBroken { get; set; }

        public Task<DemoFinding> FindAsync(string id, CancellationToken cancellationToken) =>
            IsBroken ? throw Broken() : Task.FromResult(new DemoFinding(DemoPresence.Found) { Title = "Demo", Document = document });

        public Task<DemoState?> StateAsync(string id, CancellationToken cancellationToken) =>
            IsBroken ? throw Broken() : Task.FromResult<DemoState?>(new DemoState("Demo", null));

        private static DemoStoreException Broken() => new("demos.database_busy", $"Busy.");
    }
}
