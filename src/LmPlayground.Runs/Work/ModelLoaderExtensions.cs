using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;

namespace LmPlayground.Runs.Work;

/// <summary>Models of work that has ended.</summary>
internal static class ModelLoaderExtensions
{
    /// <summary>The model that a card describes, which may have been unloaded since and changed on disk meanwhile.</summary>
    /// <exception cref="ModelUseException">Its files have changed.</exception>
    /// <exception cref="ModelLoadException">It cannot be loaded any more.</exception>
    internal static async Task<ModelLease> AcquireUnchangedAsync(this IModelLoader models, ModelCard card, CancellationToken cancellationToken)
    {
        var lease = await models.AcquireAsync(card.Id, cancellationToken);
        if (IsUnchanged(lease.Model, card))
            return lease;
        lease.Dispose();
        throw new ModelUseException("model.changed_logits", $"The files of {card.Name} have changed since this run: what was let go of it cannot be computed again. Generate anew.");
    }

    /// <summary>Whether a model has the files that a card describes.</summary>
    internal static bool IsUnchanged(IModel model, ModelCard card) => model.Card.ContentHash == card.ContentHash;
}
