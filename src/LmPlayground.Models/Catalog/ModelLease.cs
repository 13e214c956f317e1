namespace LmPlayground.Models.Catalog;

/// <summary>A model that stays in memory as long as this is not disposed.</summary>
/// <remarks>Dispose it when the last session over the model has ended; from then on the catalogue may unload the model at any time, and does at once if it was closed meanwhile.</remarks>
public sealed class ModelLease : IDisposable
{
    private Action? _release;

    /// <summary>Holds <paramref name="model"/> until <paramref name="release"/> is called, once.</summary>
    /// <param name="model">The model, which belongs to whoever gives the lease.</param>
    /// <param name="release">Called at the first disposal, or null where nothing is to be done.</param>
    public ModelLease(IModel model, Action? release = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _release = release;
    }

    /// <summary>The model. Do not dispose it.</summary>
    public IModel Model { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

/// <summary>A model that is about to leave memory.</summary>
public sealed class ModelUnloadingEventArgs(IModel model) : EventArgs
{
    /// <summary>The model, still usable while the event is handled.</summary>
    public IModel Model { get; } = model;
}
