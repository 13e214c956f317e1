using LmPlayground.Tokenizers;

namespace LmPlayground.Models;

/// <summary>A model that reads a source text whole (the encoder) and then writes another one token by token (the decoder), as T5 and BART do.</summary>
/// <remarks>Thread-safe: any number of sources may be encoded and continued at the same time.</remarks>
public interface IEncoderDecoderModel : IModel
{
    /// <summary>
    /// Reads a source. What comes back is a language model like any other: its sequences are those of the decoder, and each of its sessions
    /// looks at this source. Its card's prompt prefix begins the decoder's sequence.
    /// </summary>
    /// <param name="sourceIds">At least one token id, special tokens included.</param>
    /// <param name="cancellationToken">Stops the encoder.</param>
    /// <returns>The model for this source. Disposing it, once its last session is disposed too, frees the encoded source and not the weights.</returns>
    /// <exception cref="ArgumentException">No token, an id outside the vocabulary, or more tokens than the encoder reads.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ModelRunException">The model failed; the message says where and why.</exception>
    ILanguageModel Encode(ReadOnlySpan<int> sourceIds, CancellationToken cancellationToken = default);
}
