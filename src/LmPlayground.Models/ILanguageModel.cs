namespace LmPlayground.Models;

/// <summary>A loaded model that predicts the next token of a sequence: weights that are shared, and sessions that are not.</summary>
/// <remarks>
/// Thread-safe: any number of sessions may be started and run at the same time; the weights are in memory once.
/// Dispose it after its last session.
/// </remarks>
public interface ILanguageModel : IModel
{
    /// <summary>Starts an empty sequence. The caller disposes it.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for the session's cache.</exception>
    IDecoderSession StartSession();
}
