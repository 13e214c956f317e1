using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Tests.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModelCatalogOptions _options = new();

    public ModelCatalogTests()
    {
        foreach (var name in (string[])["one", "two", "three"])
            _folder.Write($"models/{name}/model.onnx", name);
        _options.Directories.Add(_folder.Combine("models"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_asked_for_by_many_at_once_is_loaded_once()
    {
        var loads = 0;
        using var gate = new ManualResetEventSlim();
        using var catalog = new ModelCatalog(_options, (source, _, _) =>
        {
            Interlocked.Increment(ref loads);
            gate.Wait(TestContext.Current.CancellationToken);
            return new FakeLanguageModel(source);
        });

        Task<IModel>[] asked = [.. Enumerable.Range(0, 20).Select(_ => catalog.LoadAsync("two", TestContext.Current.CancellationToken))];
        Assert.Equal(ModelState.Loading, Entry(catalog, "two").State);
        gate.Set();
        var models = await Task.WhenAll(asked);

        Assert.Equal(1, loads);
        Assert.Single(models.Distinct());
        Assert.Equal(ModelState.Ready, Entry(catalog, "two").State);
        Assert.Same(models[0].Card, Entry(catalog, "two").Card);
        Assert.Equal(ModelState.Available, Entry(catalog, "one").State);
    }

    [Fact]
    public async Task One_callers_cancellation_leaves_the_load_to_the_others()
    {
        using var gate = new ManualResetEventSlim();
        using var impatient = new CancellationTokenSource();
        using var catalog = new ModelCatalog(_options, (source, _, cancellationToken) =>
        {
            gate.Wait(cancellationToken);
            return new FakeLanguageModel(source);
        });

        var first = catalog.LoadAsync("one", impatient.Token);
        var second = catalog.LoadAsync("one", TestContext.Current.CancellationToken);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Set();
        Assert.Equal("one", (await second).Card.Id);
    }

    [Fact]
    public async Task A_failure_is_that_models_alone_and_the_next_call_tries_again()
    {
        var tries = 0;
        using var catalog = new ModelCatalog(_options, (source, _, _) => source.Id == "one" && tries++ == 0
            ? throw new ModelLoadException("model.onnx", "is cut off.")
            : new FakeLanguageModel(source));

        var error = await Assert.ThrowsAsync<ModelLoadException>(() => catalog.LoadAsync("one", TestContext.Current.CancellationToken));
        Assert.Equal("model.onnx: is cut off.", error.Message);
        Assert.Equal(ModelState.Failed, Entry(catalog, "one").State);
        Assert.Equal(error.Message, Entry(catalog, "one").Error);

        await catalog.LoadAsync("two", TestContext.Current.CancellationToken);
        await catalog.LoadAsync("one", TestContext.Current.CancellationToken);
        Assert.Equal(ModelState.Ready, Entry(catalog, "one").State);
        Assert.Null(Entry(catalog, "one").Error);
    }

    [Fact]
    public async Task Whatever_a_loader_throws_arrives_as_a_model_that_cannot_be_loaded()
    {
        using var catalog = new ModelCatalog(_options, (_, _, _) => throw new InvalidOperationException("broken"));
        var error = await Assert.ThrowsAsync<ModelLoadException>(() => catalog.LoadAsync("one", TestContext.Current.CancellationToken));
        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public async Task An_unknown_name_is_answered_with_the_known_ones()
    {
        using var catalog = new ModelCatalog(_options, (source, _, _) => new FakeLanguageModel(source));
        var error = await Assert.ThrowsAsync<ModelLoadException>(() => catalog.LoadAsync("four", TestContext.Current.CancellationToken));
        Assert.Contains("one, three, two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_given_directly_becomes_an_entry_with_an_id_of_its_own()
    {
        var outside = Path.GetDirectoryName(_folder.Write("elsewhere/two/model.onnx", "other"))!;
        using var catalog = new ModelCatalog(_options, (source, _, _) => new FakeLanguageModel(source));
        var model = await catalog.LoadAsync(outside + "/", TestContext.Current.CancellationToken);
        Assert.Equal("two-2", model.Card.Id);
        Assert.Same(model, await catalog.LoadAsync(outside, TestContext.Current.CancellationToken));
        Assert.Same(model, await catalog.LoadAsync("two-2", TestContext.Current.CancellationToken));
        Assert.Equal(4, catalog.Entries.Count);

        var known = await catalog.LoadAsync(_folder.Combine("models", "one"), TestContext.Current.CancellationToken);
        Assert.Equal("one", known.Card.Id);
        Assert.Equal(4, catalog.Entries.Count);
    }

    [Fact]
    public async Task A_folder_that_is_no_models_is_refused_and_no_entry()
    {
        using var catalog = new ModelCatalog(_options, (source, _, _) => new FakeLanguageModel(source));
        await Assert.ThrowsAsync<ModelLoadException>(() => catalog.LoadAsync(_folder.Path, TestContext.Current.CancellationToken));
        Assert.Equal(3, catalog.Entries.Count);
    }

    [Fact]
    public async Task Every_change_is_told_and_a_listener_that_fails_spoils_nothing()
    {
        var states = new List<ModelState>();
        using var catalog = new ModelCatalog(_options, (source, _, _) => new FakeLanguageModel(source));
        using var subscription = catalog.Subscribe(() =>
        {
            lock (states)
                states.Add(Entry(catalog, "one").State);
            throw new InvalidOperationException("a listener's fault");
        });
        await catalog.LoadAsync("one", TestContext.Current.CancellationToken);
        Assert.Contains(ModelState.Ready, states);
        Assert.Equal(2, states.Count);
    }

    [Fact]
    public async Task Disposal_disposes_what_is_loaded_and_stops_what_is_loading()
    {
        using var entered = new ManualResetEventSlim();
        var catalog = new ModelCatalog(_options, (source, _, cancellationToken) =>
        {
            if (source.Id != "two")
                return new FakeLanguageModel(source);
            entered.Set();
            cancellationToken.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancellationToken);
        });
        var loaded = (FakeLanguageModel)await catalog.LoadAsync("one", TestContext.Current.CancellationToken);
        var loading = catalog.LoadAsync("two", TestContext.Current.CancellationToken);
        entered.Wait(TestContext.Current.CancellationToken);

        catalog.Dispose();
        Assert.True(loaded.IsDisposed);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => catalog.LoadAsync("one", TestContext.Current.CancellationToken));
        catalog.Dispose();
    }

    [Fact]
    public void Loading_leaves_the_callers_thread_at_once()
    {
        using var gate = new ManualResetEventSlim();
        var loader = 0;
        using var catalog = new ModelCatalog(_options, (source, _, _) =>
        {
            loader = Environment.CurrentManagedThreadId;
            gate.Wait(TestContext.Current.CancellationToken);
            return new FakeLanguageModel(source);
        });
        var loading = catalog.LoadAsync("one", TestContext.Current.CancellationToken);
        Assert.False(loading.IsCompleted);
        gate.Set();
#pragma warning disable xUnit1031 // The thread must stay this one: that is what is tested.
        loading.Wait(TestContext.Current.CancellationToken);
#pragma warning restore xUnit1031
        Assert.NotEqual(Environment.CurrentManagedThreadId, loader);
    }

    private static ModelEntry Entry(ModelCatalog catalog, string id) => catalog.Entries.Single(e => e.Id == id);
}
