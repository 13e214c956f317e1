using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LmPlayground.Models.NGram;

/// <summary>A sequence in an n-gram model: the ids that were read, and nothing else is carried on.</summary>
internal sealed class NGramSession : IDecoderSession
{
    private readonly NGramTrie _trie;
    private readonly List<int> _read;
    private readonly double[] _probabilities;
    private readonly float[] _row;
    private float[]? _rows;
    private bool _disposed;

    /// <summary>Starts with tokens that were read.</summary>
    public NGramSession(NGramTrie trie, IEnumerable<int> read)
    {
        _trie = trie;
        _read = [.. read];
        _probabilities = new double[trie.VocabularySize];
        _row = new float[trie.VocabularySize];
    }

    /// <inheritdoc/>
    public int Length => _read.Count;

    /// <inheritdoc/>
    public int ContextLength => int.MaxValue;

    /// <inheritdoc/>
    public Logits Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(tokens);
        cancellationToken.ThrowIfCancellationRequested();
        Release();
        int vocabulary = _trie.VocabularySize, before = _read.Count;
        if (tokens.Length > 1)
            _rows = ArrayPool<float>.Shared.Rent(tokens.Length * vocabulary);
        var rows = (_rows ?? _row).AsSpan(0, tokens.Length * vocabulary);
        _read.AddRange(tokens);
        try
        {
            for (var row = 0; row < tokens.Length; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _trie.Predict(CollectionsMarshal.AsSpan(_read)[..(before + row + 1)], _probabilities);
                WriteLogits(rows.Slice(row * vocabulary, vocabulary));
            }
        }
        catch
        {
            _read.RemoveRange(before, tokens.Length);
            throw;
        }

        return new Logits(rows, vocabulary);
    }

    /// <inheritdoc/>
    public int NearestRewind(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return Math.Min(length, Length);
    }

    /// <inheritdoc/>
    public void RewindTo(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        _read.RemoveRange(length, _read.Count - length);
    }

    /// <inheritdoc/>
    public IDecoderSession Fork()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new NGramSession(_trie, _read);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Release();
    }

    /// <summary>Logarithms of probabilities are logits whose softmax gives the probabilities back; ids without a token get -infinity.</summary>
    private void WriteLogits(Span<float> row)
    {
        TensorPrimitives.ConvertTruncating<double, float>(_probabilities, row);
        TensorPrimitives.Log(row, row);
    }

    private void Release()
    {
        if (_rows is not null)
            ArrayPool<float>.Shared.Return(_rows);
        _rows = null;
    }

    private void Check(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
            throw new ArgumentException("There is no token to read.", nameof(tokens));
        int vocabulary = _trie.VocabularySize, most = Array.MaxLength / vocabulary;
        if (tokens.Length > most)
            throw new ArgumentException($"{tokens.Length} tokens in one call give more logits than a span can hold; pass at most {most}.", nameof(tokens));
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)vocabulary)
                throw new ArgumentException($"Token id {token} is outside the vocabulary: 0 to {vocabulary - 1}.", nameof(tokens));
        }
    }
}
