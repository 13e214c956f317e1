using LmPlayground.Models.Onnx;
using LmPlayground.Tokenizers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Models.Catalog;

/// <summary>The models that the playground knows, and those of them that are in memory.</summary>
/// <remarks>
/// Thread-safe. A model is loaded when it is first asked for, two at a time at most. At the memory limit the least recently used ones that
/// nobody holds a lease of are unloaded.
/// </remarks>
public sealed partial class ModelCatalog : IModelList, IModelLoader, IDisposable, IAsyncDisposable
{
    private const int LoadsAtOnce = 2;

    private readonly Lock _lock = new();
    private readonly List<CatalogSlot> _slots = [];
    private readonly List<ModelLease> _kept = [];
    private readonly Func<ModelSource, IProgress<double>, CancellationToken, IModel> _load;
    private readonly MemoryBudget _budget;
    private readonly ModelCatalogOptions _options;
    private readonly ModelDisk _disk;
    private readonly Func<long> _residentMemory;
    private readonly SemaphoreSlim _loads = new(LoadsAtOnce);
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposal = new();
    private readonly CancellationToken _disposing;
    private IReadOnlyList<ModelEntry>? _entries;
    private IReadOnlyList<string> _problems = [];
    private long _uses;
    private long _begunLoads;
    private int _activeLoads;
    private bool _disposed;

    /// <summary>Looks for models; none is loaded yet.</summary>
    public ModelCatalog(ModelCatalogOptions options, ILogger<ModelCatalog>? logger = null)
        : this(options, (source, progress, cancellationToken) => ModelLoader.Load(source, LoadOptions(options), progress, cancellationToken), logger)
    {
    }

    /// <summary>The same with another way to load, for tests.</summary>
    internal ModelCatalog(
        ModelCatalogOptions options,
        Func<ModelSource, IProgress<double>, CancellationToken, IModel> load,
        ILogger? logger = null,
        Func<long>? residentMemory = null,
        ModelDisk? disk = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _load = load;
        _residentMemory = residentMemory ?? (static () => Environment.WorkingSet);
        _disposing = _disposal.Token;
        _logger = logger ?? NullLogger.Instance;
        _options = options;
        _disk = disk ?? new ModelDisk();
        _budget = new MemoryBudget(options.MemoryLimit, _slots);
        Refresh();
    }

    private event Action? Changed;

    /// <summary>Raised before a model is disposed, when no lease of it is left. Handlers drop their sessions of it.</summary>
    public event EventHandler<ModelUnloadingEventArgs>? Unloading;

    /// <summary>The models in the order of the picker, as they are now.</summary>
    public IReadOnlyList<ModelEntry> Entries
    {
        get
        {
            lock (_lock)
                return _entries ??= [.. _slots.Select(slot => slot.Entry)];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Problems => Volatile.Read(ref _problems);

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed)
    {
        Changed += changed;
        return new Subscription(() => Changed -= changed);
    }

    /// <summary>The model with an id, or in a folder, from memory or else from disk, kept in memory until the lease is disposed.</summary>
    /// <param name="idOrDirectory">An id of <see cref="Entries"/>, or the path of a model's folder, which then becomes an entry.</param>
    /// <param name="cancellationToken">Ends the wait of this caller alone; the model goes on loading for the others.</param>
    /// <exception cref="ModelLoadException">
    /// There is no such model, it cannot be loaded, or the models in use leave it no memory. Asking again tries again.
    /// </exception>
    public async Task<ModelLease> AcquireAsync(string idOrDirectory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(idOrDirectory);
        if (Pin(idOrDirectory) is not var (slot, loading))
            (slot, loading) = await Task.Run(() => Discover(idOrDirectory), cancellationToken).ConfigureAwait(false);
        try
        {
            return new ModelLease(await loading.WaitAsync(cancellationToken).ConfigureAwait(false), () => Unpin(slot));
        }
        catch
        {
            Unpin(slot);
            throw;
        }
    }

    /// <summary>The model as <see cref="AcquireAsync"/> gives it, kept in memory until the catalogue is disposed: for programs with one model.</summary>
    /// <exception cref="ModelLoadException">As there.</exception>
    public async Task<IModel> LoadAsync(string idOrDirectory, CancellationToken cancellationToken = default)
    {
        var lease = await AcquireAsync(idOrDirectory, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (!_disposed)
            {
                _kept.Add(lease);
                return lease.Model;
            }
        }

        lease.Dispose();
        throw new ObjectDisposedException(nameof(ModelCatalog));
    }

    /// <summary>Takes a model out of memory that nobody uses.</summary>
    /// <returns>False if it is in use, being loaded, not in memory, or unknown.</returns>
    public bool Unload(string id)
    {
        CatalogSlot? slot;
        lock (_lock)
        {
            slot = _slots.Find(candidate => candidate.Entry.Id == id);
            if (_disposed || slot is null || !slot.IsIdle)
                return false;
        }

        return Unload([slot]) > 0;
    }

    /// <summary>
    /// Loads nothing more, and disposes the models in memory: at once where nobody holds a lease, the others with their last lease, and those
    /// still loading when they have loaded. Whoever computes in a model is never disturbed.
    /// </summary>
    public void Dispose()
    {
        CatalogSlot[] slots;
        ModelLease[] kept;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            slots = [.. _slots];
            kept = [.. _kept];
        }

        Changed = null;
        _disposal.Cancel();
        foreach (var lease in kept)
            lease.Dispose();
        foreach (var slot in slots)
        {
            slot.Loading?.ContinueWith(
                _ => Unload([slot]),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        _disposal.Dispose();
    }

    /// <summary>The same, and waits until what was loading has come to rest: a process must not end in the middle of it.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] loads;
        lock (_lock)
            loads = [.. _slots.Select(slot => slot.Loading).OfType<Task>()];
        Dispose();
        await Task.WhenAll(loads).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static OnnxLoadOptions LoadOptions(ModelCatalogOptions options) => new()
    {
        IntraOpThreads = options.IntraOpThreads,
        SpinInRuns = options.SpinInRuns,
    };

    /// <summary>The model and its load, which begins if need be, or null where nothing is called so.</summary>
    private (CatalogSlot Slot, Task<IModel> Loading)? Pin(string id)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if ((_slots.Find(slot => slot.Entry.Id == id) ?? _slots.Find(slot => slot.Source.IsCalled(id))) is not { } slot)
                return null;
            return Pin(slot);
        }
    }

    /// <summary>Under the lock.</summary>
    private (CatalogSlot Slot, Task<IModel> Loading) Pin(CatalogSlot slot)
    {
        slot.Pins++;
        slot.LastUsed = ++_uses;
        if (slot.Loading is null || slot.Loading.IsFaulted || slot.Loading.IsCanceled)
        {
            slot.Entry = slot.Entry with { State = ModelState.Loading, Progress = 0, Error = null };
            _entries = null;
            slot.Loading = Task.Run(() => LoadAsync(slot), CancellationToken.None);
        }

        return (slot, slot.Loading);
    }

    private void Unpin(CatalogSlot slot)
    {
        IReadOnlyList<CatalogSlot> surplus;
        lock (_lock)
        {
            slot.Pins--;
            slot.LastUsed = ++_uses;
            surplus = _disposed ? [slot] : _budget.Surplus();
        }

        Unload(surplus);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
