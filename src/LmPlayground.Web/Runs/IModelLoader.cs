using LmPlayground.Models;
using LmPlayground.Models.Catalog;

namespace LmPlayground.Web.Runs;

/// <summary>Where runs get their models. Thread-safe.</summary>
public interface IModelLoader
{
    /// <summary>The model of that id, read into memory first if need be, where it stays until the lease is disposed.</summary>
    /// <exception cref="ModelLoadException">It is not known or cannot be loaded; the message says why.</exception>
    Task<ModelLease> AcquireAsync(string id, CancellationToken cancellationToken);
}
