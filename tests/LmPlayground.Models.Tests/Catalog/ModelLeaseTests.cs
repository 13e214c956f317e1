using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Tests.Catalog;

/// <summary>Models that come and go at a memory limit: each of the three takes 100 bytes on disk.</summary>
public sealed class ModelLeaseTests : IDisposable
{
    private const int Size = 100;

    private readonly TemporaryFolder _folder = new();
    private readonly ModelCatalogOptions _options = new();
    private readonly List<FakeLanguageModel> _loaded = [];

    public ModelLeaseTests()
    {
        foreach (var name in (string[])["one", "two", "three"])
            _folder.Write($"models/{name}/model.onnx", new string('x', Size));
        _options.Directories.Add(_folder.Combine("models"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task At_the_limit_the_least_recently_used_model_goes()
    {
        using var catalog = Open(limit: (2 * Size) + (Size / 2));
        await Use(catalog, "one");
        await Use(catalog, "two");
        await Use(catalog, "one");
        await Use(catalog, "three");
        Assert.Equal(ModelState.Available, Entry(catalog, "two").State);
        Assert.Equal(0, Entry(catalog, "two").MemoryInBytes);
        Assert.NotNull(Entry(catalog, "two").Card);
        Assert.True(_loaded.Single(model => model.Card.Id == "two").IsDisposed);

        await Use(catalog, "two");
        Assert.Equal(ModelState.Ready, Entry(catalog, "two").State);
        Assert.Equal(2, _loaded.Count(model => model.Card.Id == "two"));
    }

    [Fact]
    public async Task A_model_in_use_is_never_unloaded_and_who_finds_no_room_is_told_why()
    {
        using var catalog = Open(limit: Size + (Size / 2));
        using var lease = await catalog.AcquireAsync("one", Cancellation);
        var refused = await Assert.ThrowsAsync<ModelLoadException>(() => catalog.AcquireAsync("two", Cancellation));
        Assert.Contains("Models:MemoryLimit", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("models in use", refused.Reason, StringComparison.Ordinal);
        Assert.Equal((ModelState.Available, refused.Message), (Entry(catalog, "two").State, Entry(catalog, "two").Error));
        Assert.Equal(ModelState.Ready, Entry(catalog, "one").State);
        Assert.False(catalog.Unload("one"));
        Assert.False(((FakeLanguageModel)lease.Model).IsDisposed);

        lease.Dispose();
        await Use(catalog, "two");
        Assert.True(((FakeLanguageModel)lease.Model).IsDisposed);
        Assert.Equal(ModelState.Ready, Entry(catalog, "two").State);
    }

    [Fact]
    public async Task A_model_that_is_larger_than_the_limit_is_refused_without_unloading_others()
    {
        _folder.Write("models/huge/model.onnx", new string('x', 100 * Size));
        using var catalog = Open(limit: 50 * Size);
        await Use(catalog, "one");
        var refused = await Assert.ThrowsAsync<ModelLoadException>(() => catalog.AcquireAsync("huge", Cancellation));
        Assert.DoesNotContain("try again", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(ModelState.Ready, Entry(catalog, "one").State);
    }

    [Fact]
    public async Task Every_lease_counts_and_disposing_one_twice_counts_once()
    {
        using var catalog = Open(limit: null);
        var first = await catalog.AcquireAsync("one", Cancellation);
        var second = await catalog.AcquireAsync("one", Cancellation);
        Assert.Same(first.Model, second.Model);
        first.Dispose();
        first.Dispose();
        Assert.False(catalog.Unload("one"));
        second.Dispose();
        Assert.True(catalog.Unload("one"));
        Assert.False(catalog.Unload("one"));
        Assert.False(catalog.Unload("no such model"));
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_holds_nothing()
    {
        using var gate = new ManualResetEventSlim();
        using var impatient = new CancellationTokenSource();
        using var catalog = new ModelCatalog(_options, (source, _, cancellationToken) =>
        {
            gate.Wait(cancellationToken);
            return new FakeLanguageModel(source);
        });
        var waiting = catalog.AcquireAsync("one", impatient.Token);
        var patient = catalog.AcquireAsync("one", Cancellation);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Set();
        (await patient).Dispose();
        Assert.True(catalog.Unload("one"));
    }

    [Fact]
    public async Task Listeners_drop_their_sessions_before_the_model_is_disposed()
    {
        using var catalog = Open(limit: null);
        var seen = new List<(IModel Model, bool Disposed)>();
        catalog.Unloading += (_, unloading) => seen.Add((unloading.Model, ((FakeLanguageModel)unloading.Model).IsDisposed));
        await Use(catalog, "one");
        Assert.True(catalog.Unload("one"));
        await Use(catalog, "two");
        catalog.Dispose();
        Assert.Equal([(_loaded[0], false), (_loaded[1], false)], seen);
        Assert.All(_loaded, model => Assert.True(model.IsDisposed));
    }

    [Fact]
    public async Task A_closed_catalogue_disposes_each_model_with_its_last_lease()
    {
        using var catalog = Open(limit: null);
        var seen = new List<IModel>();
        catalog.Unloading += (_, unloading) => seen.Add(unloading.Model);
        await Use(catalog, "one");
        var first = await catalog.AcquireAsync("two", Cancellation);
        var second = await catalog.AcquireAsync("two", Cancellation);
        var kept = await catalog.LoadAsync("three", Cancellation);
        await catalog.DisposeAsync();
        Assert.Equal([true, false, true], _loaded.Select(model => model.IsDisposed));
        first.Dispose();
        Assert.False(((FakeLanguageModel)first.Model).IsDisposed);
        second.Dispose();
        Assert.True(((FakeLanguageModel)first.Model).IsDisposed);
        Assert.Equal([_loaded[0], first.Model, kept], seen.OrderBy(model => _loaded.IndexOf((FakeLanguageModel)model)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => catalog.AcquireAsync("one", Cancellation));
    }

    [Fact]
    public async Task Who_waits_for_a_load_while_the_catalogue_closes_still_gets_a_model_that_can_be_used()
    {
        using var begun = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        FakeLanguageModel? loaded = null;
        var catalog = new ModelCatalog(_options, (source, _, _) =>
        {
            begun.Set();
            gate.Wait(Cancellation);
            return loaded = new FakeLanguageModel(source);
        });
        var waiting = catalog.AcquireAsync("one", Cancellation);
        begun.Wait(Cancellation);
        catalog.Dispose();
        gate.Set();
        using (var lease = await waiting)
        {
            Assert.Same(loaded, lease.Model);
            Assert.False(loaded!.IsDisposed);
        }

        Assert.True(loaded.IsDisposed);
    }

    [Fact]
    public async Task Two_models_load_at_once_and_the_third_waits()
    {
        int active = 0, most = 0;
        using var both = new CountdownEvent(2);
        using var catalog = new ModelCatalog(_options, (source, _, _) =>
        {
            var now = Interlocked.Increment(ref active);
            InterlockedMax(ref most, now);
            if (!both.IsSet)
                both.Signal();
            both.Wait(Cancellation);
            Interlocked.Decrement(ref active);
            return new FakeLanguageModel(source);
        });
        Task[] loads = [catalog.LoadAsync("one", Cancellation), catalog.LoadAsync("two", Cancellation), catalog.LoadAsync("three", Cancellation)];
        await Task.WhenAll(loads);
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task How_far_a_load_is_can_be_read_and_each_percent_is_told_once()
    {
        double[] seen = [];
        var told = 0;
        using var begun = new ManualResetEventSlim();
        using var catalog = new ModelCatalog(_options, (source, progress, _) =>
        {
            begun.Wait(Cancellation);
            for (var i = 1; i <= 1000; i++)
                progress.Report(i / 1000.0);
            return new FakeLanguageModel(source);
        });
        using var subscription = catalog.Subscribe(() =>
        {
            told++;
            seen = [.. seen, Entry(catalog, "one").Progress];
            begun.Set();
        });
        await catalog.LoadAsync("one", Cancellation);
        Assert.Equal(1 + 99 + 1, told);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal((0, 1), (seen[0], seen[^1]));
    }

    [Fact]
    public async Task What_a_load_grew_by_counts_from_then_on()
    {
        long resident = 1000;
        _options.MemoryLimit = 3 * Size;
        using var catalog = new ModelCatalog(
            _options,
            (source, _, _) =>
            {
                resident += 2 * Size;
                return new FakeLanguageModel(source);
            },
            residentMemory: () => resident);
        await Use(catalog, "one");
        Assert.Equal(2 * Size, Entry(catalog, "one").MemoryInBytes);
        await Use(catalog, "two");

        // Its files fit beside the first, what it turned out to take does not.
        Assert.Equal(ModelState.Available, Entry(catalog, "one").State);
        Assert.Equal(ModelState.Ready, Entry(catalog, "two").State);
    }

    [Theory]
    [InlineData(null, 100)]
    [InlineData(-5L, 100)]
    [InlineData(250L, 250)]
    [InlineData(1_000_000L, 400)]
    public void Growth_is_believed_as_far_as_it_can_be_the_models_own(long? growth, long memory)
    {
        var source = new ModelSource("one", _folder.Combine("models", "one"), false, null);
        var slot = new CatalogSlot(source, source.Describe(FolderListing.Read(source.Directory))) { Memory = Size };
        MemoryBudget.Measured(slot, growth);
        Assert.Equal(memory, slot.Memory);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private static ModelEntry Entry(ModelCatalog catalog, string id) => catalog.Entries.Single(e => e.Id == id);

    private static async Task Use(ModelCatalog catalog, string id) => (await catalog.AcquireAsync(id, Cancellation)).Dispose();

    private ModelCatalog Open(long? limit)
    {
        _options.MemoryLimit = limit;
        return new ModelCatalog(
            _options,
            (source, _, _) =>
            {
                var model = new FakeLanguageModel(source);
                lock (_loaded)
                    _loaded.Add(model);
                return model;
            },
            residentMemory: () => 0);
    }
}
