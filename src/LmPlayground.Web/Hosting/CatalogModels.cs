using LmPlayground.Models.Catalog;
using LmPlayground.Web.Runs;

namespace LmPlayground.Web.Hosting;

/// <summary>The catalogue as pages and runs see it.</summary>
internal sealed class CatalogModels(ModelCatalog catalog) : IModelList, IModelLoader
{
    /// <inheritdoc/>
    public IReadOnlyList<ModelEntry> Entries => catalog.Entries;

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed)
    {
        void OnChanged(object? sender, EventArgs e) => changed();
        catalog.Changed += OnChanged;
        return new Subscription(() => catalog.Changed -= OnChanged);
    }

    /// <inheritdoc/>
    public Task<ModelLease> AcquireAsync(string id, CancellationToken cancellationToken) => catalog.AcquireAsync(id, cancellationToken);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
