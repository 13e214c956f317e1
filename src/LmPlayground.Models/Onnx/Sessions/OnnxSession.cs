using LmPlayground.Models.Onnx.Memory;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>What all sequences share: checks before a run, cancellation inside it, and errors after it.</summary>
internal abstract class OnnxSession : IDecoderSession
{
    private readonly GraphRun _run;
    private bool _disposed;

    protected OnnxSession(OnnxDecoder decoder, LogitsMemory logits)
    {
        Decoder = decoder;
        _run = new GraphRun();
        LogitsMemory = logits;
        ContextLength = decoder.ContextLength ?? int.MaxValue;
    }

    /// <inheritdoc/>
    public int Length { get; protected set; }

    /// <inheritdoc/>
    public int ContextLength { get; }

    internal OnnxDecoder Decoder { get; }

    protected LogitsMemory LogitsMemory { get; }

    /// <inheritdoc/>
    public Logits Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(tokens);
        cancellationToken.ThrowIfCancellationRequested();
        var rows = Read(tokens, cancellationToken);
        return LogitsMemory.View(rows);
    }

    /// <inheritdoc/>
    public int NearestRewind(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return length >= Length ? Length : Nearest(length);
    }

    /// <inheritdoc/>
    public void RewindTo(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        if (NearestRewind(length) is var nearest && nearest != length)
            throw new ArgumentException($"The state after {length} tokens was not kept; the nearest earlier one is after {nearest}.", nameof(length));
        LogitsMemory.Release();
        if (length != Length)
            Rewind(length);
        Length = length;
    }

    /// <inheritdoc/>
    public IDecoderSession Fork()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var fork = StartEmpty();
        try
        {
            if (Length > 0)
                CopyTo(fork);
            fork.Length = Length;
            return fork;
        }
        catch
        {
            fork.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Free();
        LogitsMemory.Dispose();
        _run.Dispose();
    }

    /// <summary>Reads checked tokens and counts them in <see cref="Length"/>. If it throws, the session is as before.</summary>
    /// <returns>How many rows of logits were written.</returns>
    protected abstract int Read(ReadOnlySpan<int> tokens, CancellationToken cancellationToken);

    /// <summary>The greatest length up to <paramref name="length"/>, which is below <see cref="Length"/>, that <see cref="Rewind"/> takes.</summary>
    protected abstract int Nearest(int length);

    /// <summary>Forgets what follows <paramref name="length"/> tokens.</summary>
    protected abstract void Rewind(int length);

    /// <summary>An empty session of the same model.</summary>
    protected virtual OnnxSession StartEmpty() => (OnnxSession)Decoder.StartSession();

    /// <summary>Copies what was read into an empty session of the same model.</summary>
    protected abstract void CopyTo(OnnxSession empty);

    /// <summary>Frees buffers and bindings.</summary>
    protected abstract void Free();

    /// <summary>Runs the graph over what is bound.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before or inside the run; outputs are undefined.</exception>
    /// <exception cref="ModelRunException">ONNX Runtime failed; outputs are undefined.</exception>
    protected void Run(SessionBinding binding, CancellationToken cancellationToken) => _run.Start(binding, Length, cancellationToken);

    private void Check(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
            throw new ArgumentException("There is no token to read.", nameof(tokens));
        if (tokens.Length > ContextLength - Length)
            throw new ArgumentException($"{tokens.Length} tokens after {Length} do not fit into the context of {ContextLength}.", nameof(tokens));
        if (tokens.Length > LogitsMemory.MaxRows)
            throw new ArgumentException($"{tokens.Length} tokens in one call give more logits than a span can hold; pass at most {LogitsMemory.MaxRows}.", nameof(tokens));
        var vocabulary = Decoder.VocabularySize;
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)vocabulary)
                throw new ArgumentException($"Token id {token} is outside the vocabulary: 0 to {vocabulary - 1}.", nameof(tokens));
        }
    }
}
