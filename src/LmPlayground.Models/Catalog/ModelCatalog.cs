using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Models.Catalog;

/// <summary>The models that the playground knows, and those of them that are in memory.</summary>
/// <remarks>Thread-safe. A model is loaded once, when it is first asked for, and stays until the catalogue is disposed.</remarks>
public sealed partial class ModelCatalog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Slot> _slots;
    private readonly Func<ModelSource, CancellationToken, IModel> _load;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposal = new();
    private readonly CancellationToken _disposing;
    private bool _disposed;

    /// <summary>Looks for models; none is loaded yet.</summary>
    /// <exception cref="ModelLoadException">A folder that the options name does not exist or cannot be read.</exception>
    public ModelCatalog(ModelCatalogOptions options, ILogger<ModelCatalog>? logger = null)
        : this(options, (source, cancellationToken) => ModelLoader.Load(source, options.IntraOpThreads, cancellationToken), logger)
    {
    }

    /// <summary>The same with another way to load, for tests.</summary>
    internal ModelCatalog(ModelCatalogOptions options, Func<ModelSource, CancellationToken, IModel> load, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _load = load;
        _disposing = _disposal.Token;
        _logger = logger ?? NullLogger.Instance;
        ModelDiscovery discovery = ModelDiscovery.Run(options);
        _slots = [.. discovery.Found.Select(source => new Slot(source))];
        Problems = discovery.Problems;
        foreach (string problem in Problems)
            LogProblem(problem);
    }

    /// <summary>Raised after an entry changed, on the thread that changed it. Handlers ask <see cref="Entries"/> for the news.</summary>
    public event EventHandler? Changed;

    /// <summary>The models in the order of the picker, as they are now.</summary>
    public IReadOnlyList<ModelEntry> Entries
    {
        get
        {
            lock (_lock)
                return [.. _slots.Select(slot => slot.Entry)];
        }
    }

    /// <summary>What was wrong with the folders' <c>models.json</c>; the models there are listed all the same.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>The model with an id, or in a folder, from memory or else from disk.</summary>
    /// <param name="idOrDirectory">An id of <see cref="Entries"/>, or the path of a model's folder, which then becomes an entry.</param>
    /// <param name="cancellationToken">Ends the wait of this caller alone; the model goes on loading for the others.</param>
    /// <returns>The model, which belongs to the catalogue: do not dispose it.</returns>
    /// <exception cref="ModelLoadException">There is no such model, or it cannot be loaded. Asking again tries again.</exception>
    public Task<IModel> LoadAsync(string idOrDirectory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(idOrDirectory);
        Task<IModel> loading;
        bool begun = false;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Slot slot;
            try
            {
                slot = Find(idOrDirectory);
            }
            catch (ModelLoadException e)
            {
                return Task.FromException<IModel>(e);
            }

            if (slot.Loading is null || slot.Loading.IsFaulted || slot.Loading.IsCanceled)
            {
                slot.Entry = slot.Entry with { State = ModelState.Loading, Error = null };
                slot.Loading = Task.Run(() => Load(slot), CancellationToken.None);
                begun = true;
            }

            loading = slot.Loading;
        }

        if (begun)
            RaiseChanged();
        return loading.WaitAsync(cancellationToken);
    }

    /// <summary>Disposes the models in memory, and those still loading once they have. Sessions must have ended.</summary>
    public void Dispose()
    {
        Task<IModel>[] loads;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            loads = [.. _slots.Select(slot => slot.Loading).OfType<Task<IModel>>()];
        }

        _disposal.Cancel();
        foreach (Task<IModel> load in loads)
        {
            load.ContinueWith(
                done => done.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        _disposal.Dispose();
    }

    private Slot Find(string idOrDirectory)
    {
        if (_slots.Find(slot => slot.Entry.Id == idOrDirectory) is { } byId)
            return byId;
        if (!Directory.Exists(idOrDirectory))
        {
            string known = _slots.Count == 0 ? "There are none" : $"Known models: {string.Join(", ", _slots.Select(slot => slot.Entry.Id))}";
            throw new ModelLoadException(idOrDirectory, $"is neither a known model nor a folder. {known}.");
        }

        string directory = new ModelFolder(idOrDirectory).Directory;
        if (_slots.Find(slot => slot.Entry.Directory == directory) is { } byDirectory)
            return byDirectory;
        if (!ModelFolder.IsModelFolder(directory))
            throw new ModelLoadException(directory, "is not the folder of a model: it holds no .onnx file and no config.json.");
        var added = new Slot(new ModelSource(ModelDiscovery.UniqueId(directory, _slots.Select(slot => slot.Entry.Id)), directory, false, null));
        _slots.Add(added);
        return added;
    }

    private IModel Load(Slot slot)
    {
        long started = TimeProvider.System.GetTimestamp();
        try
        {
            IModel model = _load(slot.Source, _disposing);
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);
            LogLoaded(slot.Source.Id, elapsed);
            Change(slot, slot.Entry with { State = ModelState.Ready, Card = model.Card, MaskToken = model.Card.MaskToken, Error = null });
            return model;
        }
        catch (OperationCanceledException)
        {
            Change(slot, slot.Entry with { State = ModelState.Available });
            throw;
        }
        catch (Exception e)
        {
            // Whatever a stranger's file does to the reader is that model's failure and nobody else's.
            ModelLoadException error = e as ModelLoadException ?? new ModelLoadException(slot.Source.Directory, $"cannot be loaded: {e.Message}", e);
            LogFailed(slot.Source.Id, error);
            Change(slot, slot.Entry with { State = ModelState.Failed, Card = null, Error = error.Message });
            throw error;
        }
    }

    private void Change(Slot slot, ModelEntry entry)
    {
        lock (_lock)
            slot.Entry = entry;
        RaiseChanged();
    }

    private void RaiseChanged()
    {
        try
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }
        catch (Exception e)
        {
            // A listener's fault must not look like the model's.
            LogListener(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Model} in {Elapsed}")]
    private partial void LogLoaded(string model, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot load {Model}")]
    private partial void LogFailed(string model, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener to the catalogue's changes failed")]
    private partial void LogListener(Exception error);

    /// <summary>An entry with its load. Unloading at a memory limit would let go of <see cref="Loading"/> here.</summary>
    private sealed class Slot(ModelSource source)
    {
        public ModelSource Source { get; } = source;

        public ModelEntry Entry { get; set; } = source.ToEntry();

        public Task<IModel>? Loading { get; set; }
    }
}
