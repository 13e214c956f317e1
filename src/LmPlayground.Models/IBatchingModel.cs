using LmPlayground.Tokenizers;

namespace LmPlayground.Models;

/// <summary>A language model that reads one token in each of several sequences at once, for little more than the cost of one.</summary>
/// <remarks>Thread-safe, as every model.</remarks>
public interface IBatchingModel : ILanguageModel
{
    /// <summary>
    /// Whether a row of a batch gives the bits that a session alone gives for the same tokens, as long as all rows have the same length. It is found
    /// by running some tokens both ways, with five rows, before the first batch: what a model does depends on its operators and on the
    /// processor's kernels. Where it holds for one number of rows and one length it held for all (two to eight rows, 1 to 250 tokens, over
    /// eighteen architectures), but that is a finding and not a promise of ONNX Runtime.
    /// </summary>
    bool BatchesKeepBits { get; }

    /// <summary>
    /// Starts a batch whose rows have read what <paramref name="sessions"/> have, of whatever lengths. The sessions are copied: they stay the
    /// caller's and go on by themselves. The caller disposes the batch.
    /// </summary>
    /// <param name="sessions">At least one session of this model; one of them may stand there several times.</param>
    /// <exception cref="ArgumentException">No session, or one of another model.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for the caches of so many rows.</exception>
    /// <exception cref="ModelRunException">The model failed in the trial run that comes before its first batch.</exception>
    IDecoderBatch StartBatch(IReadOnlyList<IDecoderSession> sessions);
}
