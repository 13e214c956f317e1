using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>Finds out by running a masked model how many tokens it takes and how many logits it gives: its files do not tell for sure.</summary>
internal static class MaskedProbe
{
    /// <summary>The longest context that is tried out: a run over more would make loading slow.</summary>
    private const int LongestRun = 1_024;

    /// <summary>
    /// Runs two tokens, then as many as <c>config.json</c> has positions for. Models of RoBERTa's kind begin to count positions after
    /// the padding token's id, so that fewer tokens fit than there are positions.
    /// </summary>
    /// <exception cref="ModelLoadException">It cannot be run.</exception>
    public static (int VocabularySize, int? ContextLength) Run(InferenceSession session, MaskedGraph graph, DecoderConfig? config, string file)
    {
        var padding = config?.PaddingId ?? 0;
        try
        {
            var logits = Run(session, graph, 2, padding);
            if (logits is not [1, 2, > 0])
                throw new ModelLoadException(file, $"gives logits of the shape [{string.Join(", ", logits)}] for two tokens; [1, 2, vocabulary] is expected.");
            var vocabulary = checked((int)logits[2]);
            return config?.ContextLength is { } positions and <= LongestRun and > 2
                ? (vocabulary, LongestThatRuns(session, graph, positions, padding))
                : (vocabulary, config?.ContextLength);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException(file, $"cannot be run: {e.Message}", e);
        }
    }

    private static int LongestThatRuns(InferenceSession session, MaskedGraph graph, int positions, int padding)
    {
        try
        {
            Run(session, graph, positions, padding);
            return positions;
        }
        catch (OnnxRuntimeException) when (positions - padding - 1 > 2)
        {
            Run(session, graph, positions - padding - 1, padding);
            return positions - padding - 1;
        }
    }

    private static long[] Run(InferenceSession session, MaskedGraph graph, int tokens, int padding)
    {
        Dictionary<string, OrtValue> inputs = [];
        try
        {
            foreach (var input in graph.Inputs)
            {
                var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementType, [1, tokens]);
                inputs.Add(input.Name, value);
                for (var i = 0; i < tokens; i++)
                    Set(value, input, i, At(input, i));
            }

            using RunOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var outputs = session.Run(options, inputs, [graph.Logits.Name]);
            return outputs[0].GetTensorTypeAndShape().Shape;
        }
        finally
        {
            foreach (var value in inputs.Values)
                value.Dispose();
        }

        // Padding has no position of its own in some models: any other token does.
        int At(GraphTensor input, int index) => input == graph.Tokens ? (padding == 0 ? 1 : 0) : input == graph.Mask ? 1 : input == graph.Positions ? index : 0;
    }

    private static void Set(OrtValue value, GraphTensor input, int index, int number)
    {
        if (input.ElementType == TensorElementType.Int64)
            value.GetTensorMutableDataAsSpan<long>()[index] = number;
        else
            value.GetTensorMutableDataAsSpan<int>()[index] = number;
    }
}
