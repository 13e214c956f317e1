using LmPlayground.Tokenizers;

namespace LmPlayground.Models;

/// <summary>Sequences of one model that are read in step: each call reads one token in every row.</summary>
/// <remarks>
/// <para>Not thread-safe: one caller at a time. Other batches and sessions of the model may run at the same time.</para>
/// <para>The same calls give the same bits. A row's logits are those that a session gives for its tokens, except for rounding: kernels for one
/// row and for several add in different orders. They do not depend on what the other rows say.</para>
/// </remarks>
public interface IDecoderBatch : IDisposable
{
    /// <summary>How many rows there are, at least one.</summary>
    int Count { get; }

    /// <summary>How many tokens a row has read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    int LengthOf(int row);

    /// <summary>Reads one token in each row.</summary>
    /// <param name="tokens">One token id for each row, in the order of the rows.</param>
    /// <param name="cancellationToken">Stops the run inside the model; the batch is then as it was before the call.</param>
    /// <exception cref="ArgumentException">Not one token for each row, an id outside the vocabulary, or a row whose context is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: every row still has its earlier length and works on.</exception>
    /// <exception cref="ModelRunException">The model failed; the message says where and why. The batch is as it was before the call.</exception>
    void Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default);

    /// <summary>The logits after a row's last token, indexed by token id. The memory is the batch's: it is valid until the batch's next call.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">Nothing was read since the batch started, or since <see cref="Select"/>.</exception>
    ReadOnlySpan<float> LogitsOf(int row);

    /// <summary>
    /// Makes row i what row <paramref name="rows"/>[i] is now. Rows may be repeated (a sequence that branches), left out (one that ended) and
    /// reordered; only a row that is repeated is copied.
    /// </summary>
    /// <param name="rows">At least one row.</param>
    /// <exception cref="ArgumentException">No row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for more rows; the batch is as it was.</exception>
    void Select(ReadOnlySpan<int> rows);
}
