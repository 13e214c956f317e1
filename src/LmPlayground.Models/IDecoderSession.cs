using LmPlayground.Tokenizers;

namespace LmPlayground.Models;

/// <summary>One sequence inside a model: the tokens it has read, held as a key-value cache or a recurrent state.</summary>
/// <remarks>
/// Not thread-safe: one caller at a time. Different sessions of one model may run at the same time.
/// The same calls give the same bits, whatever other sessions do meanwhile.
/// </remarks>
public interface IDecoderSession : IDisposable
{
    /// <summary>How many tokens the session has read: 0 to <see cref="ContextLength"/>.</summary>
    int Length { get; }

    /// <summary>How many tokens the session can hold; <see cref="int.MaxValue"/> where nothing limits it (recurrent, window and n-gram models).</summary>
    int ContextLength { get; }

    /// <summary>Reads <paramref name="tokens"/> after those already read.</summary>
    /// <param name="tokens">At least one token id, each within the vocabulary.</param>
    /// <param name="cancellationToken">Stops a run inside the model; the session is then as it was before the call.</param>
    /// <returns>The next token's logits after each of <paramref name="tokens"/>. The memory is the session's: it is valid until the session's next call.</returns>
    /// <exception cref="ArgumentException">No token, an id outside the vocabulary, or more tokens than the context has room for.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: the session still has its earlier length and works on.</exception>
    /// <exception cref="ModelRunException">The model failed; the message says where and why.</exception>
    Logits Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default);

    /// <summary>
    /// The greatest length up to <paramref name="length"/> that <see cref="RewindTo"/> accepts: the length itself with a
    /// key-value cache, the nearest earlier snapshot with a recurrent state.
    /// </summary>
    int NearestRewind(int length);

    /// <summary>Forgets every token after the first <paramref name="length"/>, exactly as if they had never been read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than <see cref="Length"/>.</exception>
    /// <exception cref="ArgumentException">A length that <see cref="NearestRewind"/> would not return.</exception>
    void RewindTo(int length);

    /// <summary>A second session that has read the same tokens and goes its own way from here. The caller disposes it.</summary>
    IDecoderSession Fork();
}
