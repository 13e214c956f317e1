using LmPlayground.Tokenizers;

namespace LmPlayground.Models;

/// <summary>A model that sees a whole text at once and predicts what stands at its masked places, as BERT does.</summary>
/// <remarks>Thread-safe: any number of texts may be predicted at the same time.</remarks>
public interface IMaskedModel : IModel
{
    /// <summary>The id that stands for a hidden token.</summary>
    int MaskId { get; }

    /// <summary>The logits of every position of a text.</summary>
    /// <param name="tokens">At least one token id, special tokens and masks included.</param>
    /// <param name="logits">Filled with one row of the vocabulary's size for each token: tokens x vocabulary.</param>
    /// <param name="cancellationToken">Stops the run inside the model.</param>
    /// <exception cref="ArgumentException">No token, an id outside the vocabulary, more tokens than the context holds, or a buffer of another size.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ModelRunException">The model failed; the message says where and why.</exception>
    void Predict(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellationToken = default);
}
