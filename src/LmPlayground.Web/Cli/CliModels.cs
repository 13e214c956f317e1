using LmPlayground.Models.Catalog;
using LmPlayground.Web.Configuration;

namespace LmPlayground.Web.Cli;

/// <summary>The catalogue for a command: the embedded models and the folders that were named.</summary>
internal sealed class CliModels : IDisposable
{
    private readonly ModelCatalog _catalog;

    internal CliModels(IReadOnlyList<string> directories)
    {
        foreach (var directory in directories)
        {
            if (!Directory.Exists(directory))
                throw new CommandLineException($"--models: there is no folder {Path.GetFullPath(directory)}.");
        }

        _catalog = new ModelCatalog(EmbeddedModels.With(directories));
    }

    internal IReadOnlyList<ModelEntry> Entries => _catalog.Entries;

    /// <summary>Where commands get their models.</summary>
    internal IModelLoader Loader => _catalog;

    public void Dispose() => _catalog.Dispose();
}
