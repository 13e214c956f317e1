using LmPlayground.Tokenizers;

namespace LmPlayground.Web.State;

/// <summary>The tokenizers of the models that a page can offer, without their weights. Thread-safe.</summary>
public interface ITokenizerList
{
    /// <summary>A model's tokenizer, read off the caller's thread.</summary>
    /// <param name="modelId">An id of <see cref="LmPlayground.Models.Catalog.IModelList.Entries"/>.</param>
    /// <param name="cancellationToken">Ends this caller's wait alone.</param>
    /// <exception cref="ModelLoadException">There is no such model, or its tokenizer cannot be read.</exception>
    Task<ModelTokenizer> LoadAsync(string modelId, CancellationToken cancellationToken);
}
