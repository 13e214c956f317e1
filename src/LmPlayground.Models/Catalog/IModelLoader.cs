using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Catalog;

/// <summary>Where work gets its models. Thread-safe.</summary>
public interface IModelLoader
{
    /// <summary>The model of that id, or in that folder, read into memory first if need be, where it stays until the lease is disposed.</summary>
    /// <exception cref="ModelLoadException">It is not known or cannot be loaded; the message says why.</exception>
    Task<ModelLease> AcquireAsync(string idOrDirectory, CancellationToken cancellationToken = default);

    /// <summary>Takes a model out of memory; false if a run uses it.</summary>
    bool Unload(string id);
}
