namespace LmPlayground.Models.Catalog;

/// <summary>The models that a page can offer. Thread-safe.</summary>
public interface IModelList
{
    /// <summary>The models as they stand now, in the order in which they are offered: the first one that can be used is a new page's model.</summary>
    IReadOnlyList<ModelEntry> Entries { get; }

    /// <summary>Calls <paramref name="changed"/> after each change of <see cref="Entries"/>, from any thread; it must return at once. Dispose to stop.</summary>
    IDisposable Subscribe(Action changed);

    /// <summary>What was wrong with the folders that are looked through: one that is not there, an index that cannot be read.</summary>
    IReadOnlyList<string> Problems { get; }

    /// <summary>Looks whether models have come to the disk since. It may take as long as the disk does; nobody else waits for it.</summary>
    Task RefreshAsync();
}
