using LmPlayground.Models.Tokenization;

namespace LmPlayground.Models;

/// <summary>A loaded language model: weights that are shared, and sessions that are not.</summary>
/// <remarks>
/// Thread-safe: any number of sessions may be started and run at the same time; the weights are in memory once.
/// Dispose it after its last session.
/// </remarks>
public interface ILanguageModel : IDisposable
{
    /// <summary>What is known of the model without running it.</summary>
    ModelCard Card { get; }

    /// <summary>The tokenizer whose ids the model's logits are indexed by.</summary>
    ModelTokenizer Tokenizer { get; }

    /// <summary>Starts an empty sequence. The caller disposes it.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for the session's cache.</exception>
    IDecoderSession StartSession();
}
