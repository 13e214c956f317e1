using LmPlayground.Models.Onnx.Graph;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>An encoder-decoder's graphs with their weights, loaded once.</summary>
/// <remarks>Thread-safe: sources may be encoded and continued at the same time. Dispose it after its last source.</remarks>
internal sealed class OnnxEncoderDecoder : IModelWeights
{
    private bool _disposed;

    internal OnnxEncoderDecoder(EncoderDecoderFiles files, EncoderDecoderGraph graph, InferenceSession encoder, InferenceSession first, OnnxDecoder decoder)
    {
        Graph = graph;
        Encoder = encoder;
        First = first;
        Decoder = decoder;
        IsMerged = files.IsMerged;
        Files = files.Files;
        DependsOnBatch = decoder.DependsOnBatch || OnnxDecoder.QuantizesActivations(files.Encoder.Graph) || OnnxDecoder.QuantizesActivations(files.First.Graph);
    }

    /// <inheritdoc/>
    public DecoderFacts Facts => new(ModelKind.EncoderDecoder, Decoder.VocabularySize, Decoder.ContextLength, Decoder.Architecture)
    {
        SourceContextLength = SourceContextLength,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public bool DependsOnBatch { get; }

    internal EncoderDecoderGraph Graph { get; }

    internal InferenceSession Encoder { get; }

    /// <summary>What the run that begins a sequence runs in.</summary>
    internal InferenceSession First { get; }

    /// <summary>What later runs run in; the same as <see cref="First"/> in a merged export.</summary>
    internal OnnxDecoder Decoder { get; }

    internal bool IsMerged { get; }

    /// <summary>Length of the encoder's vectors.</summary>
    internal required int HiddenSize { get; init; }

    /// <summary>How many tokens the encoder reads, or null where nothing limits it.</summary>
    internal int? SourceContextLength { get; init; }

    /// <summary>Whether later runs take several tokens at once.</summary>
    internal bool ReadsSeveral { get; set; } = true;

    /// <summary>See <see cref="IEncoderDecoderModel.Encode"/>.</summary>
    public EncodedSource Encode(ReadOnlySpan<int> sourceIds, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (sourceIds.IsEmpty)
            throw new ArgumentException("The source has no token.", nameof(sourceIds));
        if (sourceIds.Length > SourceContextLength)
            throw new ArgumentException($"{sourceIds.Length} tokens do not fit into the encoder, which reads {SourceContextLength}.", nameof(sourceIds));
        foreach (var id in sourceIds)
        {
            if ((uint)id >= (uint)Decoder.VocabularySize)
                throw new ArgumentException($"Token id {id} is outside the vocabulary: 0 to {Decoder.VocabularySize - 1}.", nameof(sourceIds));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new EncodedSource(this, sourceIds, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Encoder.Dispose();
        if (!IsMerged)
            First.Dispose();
        Decoder.Dispose();
    }
}
