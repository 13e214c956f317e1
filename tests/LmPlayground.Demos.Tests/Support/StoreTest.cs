using LmPlayground.Demos.Storing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Demos.Tests.Support;

/// <summary>What tests of a store share: a database of their own, a clock of their own, and what the store logged.</summary>
public abstract class StoreTest<TDatabase> : IAsyncLifetime
    where TDatabase : ITestDatabase, new()
{
    private readonly List<DemoStore> _open = [];

    protected TDatabase Database { get; } = new();

    protected DemoStoreOptions Options { get; } = new();

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 5, 4, 3, 21, 9, TimeSpan.Zero));

    protected RecordingLogger Log { get; } = new();

    protected OwnerSecret Owner { get; } = OwnerSecret.Create();

    public async ValueTask InitializeAsync() => await Database.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var store in _open)
            await store.DisposeAsync();
        await Database.DisposeAsync();
    }

    protected Task<DemoStore> OpenAsync() => OpenAsync(Database.Location);

    protected async Task<DemoStore> OpenAsync(DemoStoreLocation location)
    {
        var store = await DemoStore.OpenAsync(location, Options, Time, Log);
        _open.Add(store);
        return store;
    }

    protected static NewDemo Demo(string text, DemoLifetime? lifetime = null) => Demo(System.Text.Encoding.UTF8.GetBytes(text), lifetime) with { Title = $"About {text}" };

    protected static NewDemo Demo(byte[] document, DemoLifetime? lifetime = null) => new()
    {
        Document = document,
        DocumentHash = Hash256.Of(document),
        Codec = "br",
        Size = document.Length * 3L,
        Title = "A title",
        Kind = "run",
        Lifetime = lifetime,
    };

    protected static async Task<string> CodeAsync(Func<Task> work) => (await Assert.ThrowsAsync<DemoStoreException>(work)).Code;

    protected static async Task<FoundDemo> FoundAsync(IDemoStore store, DemoId id) => Assert.IsType<FoundDemo>(await store.FindAsync(id));
}

/// <summary>Keeps what was logged.</summary>
public sealed class RecordingLogger : ILogger<DemoStore>
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    public string Text
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _lines);
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
            _lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}
