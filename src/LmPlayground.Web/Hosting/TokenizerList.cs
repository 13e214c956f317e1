using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Loading;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Hosting;

/// <summary>Takes the tokenizers of models in memory; reads others from the models' folders and keeps the last few.</summary>
internal sealed class TokenizerList(IModelList models, IModelLoader loader) : ITokenizerList
{
    private const int MostKept = 6;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Directory, Task<ModelTokenizer> Tokenizer)> _kept = [];

    /// <inheritdoc/>
    public Task<ModelTokenizer> LoadAsync(string modelId, CancellationToken cancellationToken)
    {
        var entry = models.Entries.FirstOrDefault(entry => entry.Id == modelId)
            ?? throw new ModelLoadException(modelId, "is no known model.");
        return entry.State == ModelState.Ready ? OfLoadedAsync(modelId, cancellationToken) : Find(entry.Directory).WaitAsync(cancellationToken);
    }

    private async Task<ModelTokenizer> OfLoadedAsync(string modelId, CancellationToken cancellationToken)
    {
        using var lease = await loader.AcquireAsync(modelId, cancellationToken);
        return lease.Model.Tokenizer;
    }

    private Task<ModelTokenizer> Find(string directory)
    {
        lock (_lock)
        {
            var node = _kept.First;
            while (node is not null && node.Value.Directory != directory)
                node = node.Next;
            if (node is not null)
                _kept.Remove(node);

            // What failed is read again: somebody may have mended the file.
            if (node is null || node.Value.Tokenizer.IsFaulted)
                node = new((directory, Task.Run(() => TokenizerFolder.Load(directory))));
            _kept.AddFirst(node);
            if (_kept.Count > MostKept)
                _kept.RemoveLast();
            return node.Value.Tokenizer;
        }
    }
}
