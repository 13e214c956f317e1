using System.Numerics.Tensors;
using LmPlayground.Models;
using LmPlayground.Models.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>
/// The least that decoding with ONNX Runtime takes: everything is allocated and bound beforehand, a step writes its token, runs the
/// graph and takes the greatest logit. Nothing is checked, traced, kept or cancelled.
/// </summary>
/// <remarks>It runs in the same <see cref="InferenceSession"/> as the engine: the same weights in the same place, the same options and threads.</remarks>
internal abstract unsafe class BareLoop : IDisposable
{
    private readonly RunOptions _runOptions = new();
    private readonly InferenceSession _session;
    private readonly int _vocabularySize;

    protected BareLoop(OnnxDecoder decoder, TensorElementType logits)
    {
        if (logits != TensorElementType.Float)
            throw new BenchmarkException($"The bare loop reads float32 logits, and this model gives {logits}: take another model.");
        _session = decoder.Session;
        _vocabularySize = decoder.VocabularySize;
        Memory = new BareMemory(decoder.Session);
        Row = Memory.Allocate((long)_vocabularySize * sizeof(float));
    }

    /// <summary>All that is bound.</summary>
    protected BareMemory Memory { get; }

    /// <summary>Where a step's logits are written.</summary>
    protected nint Row { get; }

    /// <summary>The loop for a kind of model.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="promptLength">The length of the prompt.</param>
    /// <param name="steps">How many steps follow.</param>
    internal static BareLoop Create(OnnxDecoder decoder, int promptLength, int steps) => decoder.Kind switch
    {
        ModelKind.Recurrent => new BareRecurrentLoop(decoder),
        ModelKind.FeedForward => new BareFeedForwardLoop(decoder),
        _ => new BareTransformerLoop(decoder, promptLength, steps),
    };

    /// <summary>Begins anew with a prompt; returns the likeliest next token.</summary>
    internal abstract int ReadPrompt(ReadOnlySpan<int> tokens);

    /// <summary>Reads one more token; returns the likeliest next one.</summary>
    internal abstract int Step(int token);

    public void Dispose()
    {
        Memory.Dispose();
        _runOptions.Dispose();
    }

    protected void Run(OrtIoBinding binding) => _session.RunWithBinding(_runOptions, binding);

    protected int Greatest(nint row) => TensorPrimitives.IndexOfMax(new ReadOnlySpan<float>((void*)row, _vocabularySize));
}
