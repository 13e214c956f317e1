using LmPlayground.Models.Onnx.Memory;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>What one prediction of a masked model needs; kept for the next one. Not thread-safe.</summary>
internal sealed unsafe class MaskedSession : IDisposable
{
    private const int FirstCapacity = 64;

    private readonly OnnxMaskedModel _model;
    private readonly SessionBinding _binding;
    private readonly IntegerBuffer[] _inputs;

    // ONNX Runtime would write to the console what is thrown anyway.
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    /// <summary>Makes room for a short text.</summary>
    public MaskedSession(OnnxMaskedModel model)
    {
        _model = model;
        _binding = new SessionBinding(model.Session);
        _inputs = [.. model.Graph.Inputs.Select(input => new IntegerBuffer(input, FirstCapacity))];
    }

    /// <summary>Runs checked tokens; the logits go straight into the caller's memory where the graph writes floats.</summary>
    public void Predict(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellationToken)
    {
        foreach (var input in _inputs)
            Write(input, tokens);
        var output = _model.Graph.Logits;
        if (output.ElementType == TensorElementType.Float)
        {
            fixed (float* values = logits)
                Run(tokens.Length, values, cancellationToken);
            return;
        }

        var written = _model.Buffers.Rent((long)logits.Length * output.ElementSize);
        try
        {
            Run(tokens.Length, written.Pointer, cancellationToken);
            LogitsMemory.Widen(output.ElementType, written, logits);
        }
        finally
        {
            _model.Buffers.Return(written);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        foreach (var input in _inputs)
            input.Dispose();
        _runOptions.Dispose();
    }

    private void Write(IntegerBuffer input, ReadOnlySpan<int> tokens)
    {
        input.Grow(tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            input[i] = input.Tensor == _model.Graph.Tokens ? tokens[i]
                : input.Tensor == _model.Graph.Mask ? 1
                : input.Tensor == _model.Graph.Positions ? i : 0;
        }

        _binding.Input(input.Tensor, input.Pointer, 1, tokens.Length);
    }

    private void Run(int tokens, void* logits, CancellationToken cancellationToken)
    {
        _binding.Output(_model.Graph.Logits, logits, 1, tokens, _model.Facts.VocabularySize);
        try
        {
            _binding.Run(_runOptions, cancellationToken);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelRunException($"The model failed over a text of {tokens} tokens: {e.Message}", e);
        }
    }
}
