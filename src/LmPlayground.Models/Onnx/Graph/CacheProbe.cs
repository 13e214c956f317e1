using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>Finds out which kind of key-value cache a graph has by running it: names and shapes do not tell.</summary>
internal static class CacheProbe
{
    /// <summary>
    /// Runs one token with a past of four positions and a mask of two. A graph that concatenates cannot add a mask of two
    /// to the attention over five, or gives back five positions; one that writes into a shared buffer gives back four.
    /// Then runs two tokens as a prompt, which tells the shape of the logits and whether the graph can be run at all.
    /// </summary>
    /// <exception cref="ModelLoadException">It cannot be run as either kind.</exception>
    public static (ModelKind Kind, int VocabularySize, bool OnlyLastLogits) Run(InferenceSession session, TransformerGraph graph, string file)
    {
        var kind = ModelKind.ConcatCacheDecoder;
        var cache = graph.Caches[0];
        try
        {
            var present = Run(session, graph, new ProbeLengths(Tokens: 1, Past: 1, Buffer: 4, Mask: 2), cache.Present.Name);
            if (present.Length == cache.Rank && present[cache.Axis] == 4)
                kind = ModelKind.SharedCacheDecoder;
        }
        catch (OnnxRuntimeException)
        {
            // What a concatenating cache does.
        }

        try
        {
            var shared = kind == ModelKind.SharedCacheDecoder;
            var logits = Run(session, graph, shared ? new ProbeLengths(2, 0, 4, 4) : new ProbeLengths(2, 0, 0, 2), graph.Logits.Name);
            if (logits is not [1, 1 or 2, > 0])
                throw new ModelLoadException(file, $"gives logits of the shape [{string.Join(", ", logits)}] for two tokens; [1, 2, vocabulary] is expected.");
            return (kind, checked((int)logits[2]), logits[1] == 1);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException(file, $"cannot be run: {e.Message}", e);
        }
    }

    private static long[] Run(InferenceSession session, TransformerGraph graph, ProbeLengths lengths, string output)
    {
        Dictionary<string, OrtValue> inputs = [];
        try
        {
            Add(graph.Tokens, [1, lengths.Tokens], _ => 0);
            Add(graph.Positions, [1, lengths.Tokens], i => lengths.Past + i);
            Add(graph.Mask, [1, lengths.Mask], i => i < lengths.Past + lengths.Tokens ? 1 : 0);
            foreach (var (tensor, meaning) in graph.LengthInputs())
                Add(tensor, ScalarShape(tensor), _ => Meaning(meaning, lengths.Past, lengths.Tokens));
            foreach (var cache in graph.Caches)
            {
                var shape = new long[cache.Rank];
                cache.ShapeFor(lengths.Buffer, shape);
                Add(cache.Past, shape, _ => 0);
            }

            if (graph.UseCache is { } useCache)
            {
                Add(useCache, [1], _ => 0);
                inputs[useCache.Name].GetTensorMutableRawData()[0] = lengths.Past > 0 ? (byte)1 : (byte)0;
            }

            using RunOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var outputs = session.Run(options, inputs, [output]);
            return outputs[0].GetTensorTypeAndShape().Shape;
        }
        finally
        {
            foreach (var value in inputs.Values)
                value.Dispose();
        }

        void Add(GraphTensor? tensor, long[] shape, Func<int, int> at)
        {
            if (tensor is null)
                return;
            var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, tensor.ElementType, shape);
            inputs.Add(tensor.Name, value);
            if (tensor.ByteLength(shape) == 0)
                return;
            value.GetTensorMutableRawData().Clear();
            if (tensor.ElementType == TensorElementType.Int64)
                Fill(value.GetTensorMutableDataAsSpan<long>(), i => at(i));
            else if (tensor.ElementType == TensorElementType.Int32)
                Fill(value.GetTensorMutableDataAsSpan<int>(), at);
        }
    }

    /// <summary>The shape of an input that is one number: a scalar, or as many ones as the graph declares.</summary>
    public static long[] ScalarShape(GraphTensor tensor) => [.. tensor.Dimensions.Select(_ => 1L)];

    /// <summary>The value of an input that is one number.</summary>
    public static int Meaning(LengthInput meaning, int past, int tokens)
    {
        return meaning switch
        {
            LengthInput.EveryLogit => 0,
            LengthInput.Past => past,
            LengthInput.Total => past + tokens,
            _ => past + tokens - 1,
        };
    }

    private static void Fill<T>(Span<T> values, Func<int, T> at)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = at(i);
    }

    private readonly record struct ProbeLengths(int Tokens, int Past, int Buffer, int Mask);
}
