using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>A graph with its weights, loaded once, and the sequences that run in it.</summary>
/// <remarks>Thread-safe: sessions may be started and run at the same time. Dispose it after its last session.</remarks>
public sealed class OnnxDecoder : ISessionSource
{
    private static readonly string[] DynamicOperators = ["DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "MatMulIntegerToFloat"];

    private bool _disposed;

    internal OnnxDecoder(InferenceSession session, GraphFiles folder, ModelKind kind, int vocabularySize, int? contextLength, string architecture)
    {
        Session = session;
        Kind = kind;
        VocabularySize = vocabularySize;
        ContextLength = contextLength;
        Architecture = architecture;
        Files = folder.Files;
        Batches = new BatchFactory(this);
        DependsOnBatch = QuantizesActivations(folder.Graph);
    }

    /// <summary>How it carries its past.</summary>
    public ModelKind Kind { get; }

    /// <summary>How many logits a position has.</summary>
    public int VocabularySize { get; }

    /// <summary>How many tokens it can attend to, or null where nothing limits it.</summary>
    public int? ContextLength { get; }

    /// <summary>The family in the words of <c>config.json</c> ("llama"), else what the graph shows ("lstm", "feedforward"), else "unknown".</summary>
    public string Architecture { get; }

    /// <summary>The .onnx file and its external data, as paths inside the folder with forward slashes.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>
    /// Whether activations are quantised by what is in the batch (int8 exports named <c>_quantized</c>): the logits of a token
    /// then depend on which tokens are read in the same call, far beyond rounding.
    /// </summary>
    public bool DependsOnBatch { get; }

    DecoderFacts IModelWeights.Facts => new(Kind, VocabularySize, ContextLength, Architecture)
    {
        Window = Described?.Description is { Window: > 0 and var window } ? window : null,
        Notices = Described?.Description.Notices ?? [],
    };

    internal InferenceSession Session { get; }

    internal BufferPool Buffers { get; } = new();

    internal BatchFactory Batches { get; }

    internal TransformerGraph? Transformer { get; init; }

    internal LmGraph? Described { get; init; }

    internal bool OnlyLastLogits { get; init; }

    /// <summary>Whether a graph quantises activations as they come.</summary>
    internal static bool QuantizesActivations(OnnxFile graph) => DynamicOperators.Any(graph.Operators.Contains);

    /// <summary>Starts an empty sequence. The caller disposes it.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for the session's cache.</exception>
    public IDecoderSession StartSession()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Kind switch
        {
            ModelKind.ConcatCacheDecoder => new ConcatCacheSession(this),
            ModelKind.SharedCacheDecoder => new SharedCacheSession(this),
            ModelKind.Recurrent => new RecurrentSession(this),
            _ => new FeedForwardSession(this),
        };
    }

    /// <inheritdoc cref="IBatchingModel.BatchesKeepBits"/>
    public bool BatchesKeepBits => Batches.KeepsBits;

    /// <inheritdoc cref="IBatchingModel.StartBatch"/>
    public IDecoderBatch StartBatch(IReadOnlyList<IDecoderSession> sessions)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Batches.Start(sessions);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Session.Dispose();
        Buffers.Dispose();
    }
}
