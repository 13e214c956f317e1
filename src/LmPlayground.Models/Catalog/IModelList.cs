namespace LmPlayground.Models.Catalog;

/// <summary>The models that a page can offer. Thread-safe.</summary>
public interface IModelList
{
    /// <summary>The models as they stand now, in the order in which they are offered: the first one that can be used is a new page's model.</summary>
    IReadOnlyList<ModelEntry> Entries { get; }

    /// <summary>Calls <paramref name="changed"/> after each change of <see cref="Entries"/>, from any thread; it must return at once. Dispose to stop.</summary>
    IDisposable Subscribe(Action changed);
}
