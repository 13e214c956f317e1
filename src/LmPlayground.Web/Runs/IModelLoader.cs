using LmPlayground.Models;

namespace LmPlayground.Web.Runs;

/// <summary>Where runs get their models. Thread-safe.</summary>
public interface IModelLoader
{
    /// <summary>The model of that id, read into memory first if need be.</summary>
    /// <exception cref="ModelLoadException">It is not known or cannot be loaded; the message says why.</exception>
    Task<IModel> LoadAsync(string id, CancellationToken cancellationToken);
}
