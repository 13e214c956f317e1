using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.PrefixCache;

/// <summary>An encoder-decoder that looks at one source. It names the source; the cache holds what the encoder made of it.</summary>
/// <remarks>Equal to every other view of the same model and the same ids, so that sequences over one source are found again. Thread-safe.</remarks>
internal sealed class SourceModel(IEncoderDecoderModel model, ImmutableArray<int> sourceIds, SourceCache cache) : IModelView, IEquatable<SourceModel>
{
    /// <inheritdoc/>
    public ModelCard Card => model.Card;

    /// <inheritdoc/>
    public ModelTokenizer Tokenizer => model.Tokenizer;

    /// <inheritdoc/>
    public IModel Origin => model;

    internal ImmutableArray<int> SourceIds => sourceIds;

    /// <inheritdoc/>
    public IDecoderSession StartSession() => cache.StartSession(this);

    /// <summary>What the encoder makes of the source. The caller disposes it.</summary>
    internal ILanguageModel Encode(CancellationToken cancellationToken) => model.Encode(sourceIds.AsSpan(), cancellationToken);

    /// <inheritdoc/>
    public bool Equals(SourceModel? other) =>
        other is not null && ReferenceEquals(model, other.Origin) && sourceIds.AsSpan().SequenceEqual(other.SourceIds.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SourceModel);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(model);
        foreach (var id in sourceIds)
            hash.Add(id);
        return hash.ToHashCode();
    }

    /// <summary>Does nothing: the model belongs to whoever loaded it, the encoded source to the cache.</summary>
    public void Dispose()
    {
    }
}
