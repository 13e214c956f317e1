using System.Numerics.Tensors;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Sessions;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx;

/// <summary>Finds out by running an encoder-decoder what its files do not tell.</summary>
internal static class EncoderDecoderProbe
{
    /// <summary>How far two ways of reading the same tokens may differ, as a share of the largest logit, and still be one.</summary>
    private const float Tolerance = 1e-4f;

    /// <summary>Runs the encoder over two tokens and the decoder's first run over two more.</summary>
    /// <exception cref="ModelLoadException">One of them cannot be run; the message names the file.</exception>
    public static (int HiddenSize, int VocabularySize, bool OnlyLastLogits) Run(
        EncoderDecoderFiles files, EncoderDecoderGraph graph, InferenceSession encoder, InferenceSession first)
    {
        using Tensors inputs = new();
        inputs.Add(graph.SourceTokens, [1, 2], 0);
        inputs.Add(graph.SourceMask, [1, 2], 1);
        using var states = Run(files.Encoder, encoder, inputs, graph.States);
        if (states.GetTensorTypeAndShape().Shape is not [1, 2, > 0 and var hidden])
            throw new ModelLoadException(files.Encoder.GraphPath, $"gives '{graph.States.Name}' of an unexpected shape for two tokens; [1, 2, hidden] is expected.");

        using Tensors decoder = new();
        decoder.Add(graph.Decoder.Tokens, [1, 2], 0);
        decoder.Add(graph.First.Mask, [1, 2], 1);
        decoder.Values[graph.First.States!.Name] = states;
        if (files.IsMerged)
        {
            decoder.Add(graph.Decoder.UseCache, [1], 0);
            foreach (var (tensor, meaning) in graph.Decoder.LengthInputs())
                decoder.Add(tensor, CacheProbe.ScalarShape(tensor), CacheProbe.Meaning(meaning, past: 0, tokens: 2));
            foreach (var cache in graph.Decoder.Caches.Concat(graph.SourceCaches))
            {
                var shape = new long[cache.Rank];
                cache.ShapeFor(0, shape);
                decoder.Add(cache.Past, shape, 0);
            }
        }

        using var output = Run(files.First, first, decoder, graph.Decoder.Logits);
        var logits = output.GetTensorTypeAndShape().Shape;
        if (logits is not [1, 1 or 2, > 0])
            throw new ModelLoadException(files.First.GraphPath, $"gives logits of the shape [{string.Join(", ", logits)}] for two tokens; [1, 2, vocabulary] is expected.");
        return (checked((int)hidden), checked((int)logits[2]), logits[1] == 1);
    }

    /// <summary>
    /// Whether later runs may read several tokens at once. Some exports were traced with one token: over several they fail, or let a
    /// token see those after it. Where it is not certain, tokens are read one by one, which is always right.
    /// </summary>
    public static bool ReadsSeveral(OnnxEncoderDecoder model, CancellationToken cancellationToken)
    {
        var last = model.Facts.VocabularySize - 1;
        using var source = model.Encode([0, last], cancellationToken);
        using var session = source.StartSession();
        session.Forward([0], cancellationToken);
        var one = session.Forward([last], cancellationToken).Last.ToArray();
        var two = session.Forward([last / 2], cancellationToken).Last.ToArray();
        try
        {
            session.RewindTo(1);
            var both = session.Forward([last, last / 2], cancellationToken);
            return Same(both.Last, two) && (both.Positions == 1 || Same(both[0], one));
        }
        catch (ModelRunException)
        {
            return false;
        }
    }

    private static bool Same(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var most = Tolerance * Math.Max(1, TensorPrimitives.MaxMagnitude(a));
        for (var i = 0; i < a.Length; i++)
        {
            if (!(Math.Abs(a[i] - b[i]) <= most))
                return false;
        }

        return true;
    }

    private static OrtValue Run(GraphFiles file, InferenceSession session, Tensors inputs, GraphTensor output)
    {
        using RunOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            return session.Run(options, inputs.Values, [output.Name])[0];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException(file.GraphPath, $"cannot be run with the other graphs of the model: {e.Message}", e);
        }
    }

    /// <summary>Inputs by name, filled with one number each.</summary>
    private sealed class Tensors : IDisposable
    {
        private readonly List<OrtValue> _owned = [];

        public Dictionary<string, OrtValue> Values { get; } = [];

        public void Add(GraphTensor? tensor, long[] shape, int number)
        {
            if (tensor is null)
                return;
            var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, tensor.ElementType, shape);
            _owned.Add(value);
            Values[tensor.Name] = value;
            if (tensor.ByteLength(shape) == 0)
                return;
            value.GetTensorMutableRawData().Clear();
            if (tensor.ElementType == TensorElementType.Int64)
                value.GetTensorMutableDataAsSpan<long>().Fill(number);
            else if (tensor.ElementType == TensorElementType.Int32)
                value.GetTensorMutableDataAsSpan<int>().Fill(number);
        }

        public void Dispose() => _owned.ForEach(value => value.Dispose());
    }
}
