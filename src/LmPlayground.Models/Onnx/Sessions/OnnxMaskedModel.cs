using System.Collections.Concurrent;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>A masked language model's graph with its weights, loaded once.</summary>
/// <remarks>Thread-safe: texts may be predicted at the same time. Dispose it after its last run.</remarks>
internal sealed class OnnxMaskedModel : IModelWeights
{
    private readonly ConcurrentBag<MaskedSession> _idle = [];
    private bool _disposed;

    internal OnnxMaskedModel(InferenceSession session, GraphFiles folder, MaskedGraph graph, DecoderFacts facts)
    {
        Session = session;
        Graph = graph;
        Facts = facts;
        Files = folder.Files;
        DependsOnBatch = OnnxDecoder.QuantizesActivations(folder.Graph);
    }

    /// <inheritdoc/>
    public DecoderFacts Facts { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public bool DependsOnBatch { get; }

    internal InferenceSession Session { get; }

    internal MaskedGraph Graph { get; }

    /// <summary>Where outputs that are no floats are written before they are converted.</summary>
    internal BufferPool Buffers { get; } = new();

    /// <summary>See <see cref="IMaskedModel.Predict"/>.</summary>
    public void Predict(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(tokens, logits);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_idle.TryTake(out var run))
            run = new MaskedSession(this);
        try
        {
            run.Predict(tokens, logits, cancellationToken);
        }
        finally
        {
            _idle.Add(run);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        while (_idle.TryTake(out var run))
            run.Dispose();
        Session.Dispose();
        Buffers.Dispose();
    }

    private void Check(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        var vocabulary = Facts.VocabularySize;
        if (tokens.IsEmpty)
            throw new ArgumentException("There is no token to read.", nameof(tokens));
        if (tokens.Length > Facts.ContextLength)
            throw new ArgumentException($"{tokens.Length} tokens do not fit into the context of {Facts.ContextLength}.", nameof(tokens));
        if (logits.Length != (long)tokens.Length * vocabulary)
            throw new ArgumentException($"{tokens.Length} tokens have {(long)tokens.Length * vocabulary} logits, but there is room for {logits.Length}.", nameof(logits));
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)vocabulary)
                throw new ArgumentException($"Token id {token} is outside the vocabulary: 0 to {vocabulary - 1}.", nameof(tokens));
        }
    }
}
