using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Sessions;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx;

/// <summary>Opens ONNX graphs and finds out how they are run.</summary>
public static class OnnxModelLoader
{
    private const string ConfigName = "config.json";
    private const string DescriptionName = "lm.json";

    /// <summary>Opens the graph in <paramref name="directory"/>, finds out what it is, and loads its weights.</summary>
    /// <param name="directory">A folder with <c>model.onnx</c> or <c>onnx/model.onnx</c> and, where the graph leaves something open, <c>config.json</c> or <c>lm.json</c>.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="ct">Checked between the stages; loading the weights itself cannot be stopped.</param>
    /// <exception cref="ModelLoadException">A file is missing, broken, or of a kind that the playground does not run: the message says which and why.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static OnnxDecoder Load(string directory, OnnxLoadOptions options, CancellationToken ct)
    {
        var weights = LoadAny(directory, options, ct);
        if (weights is OnnxDecoder decoder)
            return decoder;
        var name = weights.Files.First(file => file.EndsWith(".onnx", StringComparison.Ordinal));
        weights.Dispose();
        var kind = weights is OnnxMaskedModel
            ? $"is a masked language model ({weights.Facts.Architecture}): it fills gaps and does not predict a next token."
            : $"is one half of an encoder-decoder model ({weights.Facts.Architecture}): it needs a source text to write from.";
        throw new ModelLoadException(Path.Combine(directory, name), kind);
    }

    /// <summary>The same for a graph of any kind that is known.</summary>
    internal static IModelWeights LoadAny(string directory, OnnxLoadOptions options, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.IntraOpThreads, nameof(options));
        if (!Directory.Exists(directory))
            throw new ModelLoadException(directory, "there is no such folder.");
        var description = LmDescription.TryRead(Path.Combine(directory, DescriptionName));
        var configPath = Path.Combine(directory, ConfigName);
        var config = description is null ? DecoderConfig.TryRead(configPath) ?? GenaiConfig.TryRead(directory)?.Decoder : null;
        if (description is null && EncoderDecoderFiles.TryOpen(directory, config, options.FileName) is { } halves)
            return LoadEncoderDecoder(halves, config, configPath, options, ct);
        var folder = GraphFiles.Open(directory, options.FileName);
        ct.ThrowIfCancellationRequested();
        var session = Open(folder, options);
        try
        {
            ct.ThrowIfCancellationRequested();
            if (description is null && MaskedGraph.Describes(session, config))
                return LoadMasked(session, folder, config);
            return description is null
                ? LoadTransformer(session, folder, config, configPath)
                : LoadDescribed(session, folder, description);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static OnnxDecoder LoadTransformer(InferenceSession session, GraphFiles folder, DecoderConfig? config, string configPath)
    {
        var graph = TransformerGraph.Read(session, folder.GraphPath, config, configPath);
        var (kind, vocabulary, onlyLast) = CacheProbe.Run(session, graph, folder.GraphPath);
        return new OnnxDecoder(session, folder, kind, vocabulary, config?.ContextLength, config?.ModelType ?? "unknown")
        {
            Transformer = graph,
            OnlyLastLogits = onlyLast,
        };
    }

    private static OnnxMaskedModel LoadMasked(InferenceSession session, GraphFiles folder, DecoderConfig? config)
    {
        var graph = MaskedGraph.Read(session, folder.GraphPath);
        var (vocabulary, context) = MaskedProbe.Run(session, graph, config, folder.GraphPath);
        return new OnnxMaskedModel(session, folder, graph, new DecoderFacts(ModelKind.Masked, vocabulary, context, config?.ModelType ?? "unknown"));
    }

    private static OnnxEncoderDecoder LoadEncoderDecoder(
        EncoderDecoderFiles files, DecoderConfig? config, string configPath, OnnxLoadOptions options, CancellationToken ct)
    {
        List<IDisposable> opened = [];
        try
        {
            var encoder = OpenNext(files.Encoder);
            var first = OpenNext(files.First);
            var next = files.IsMerged ? first : OpenNext(files.Next);
            var graph = EncoderDecoderGraph.Read(files, encoder, first, next, config, configPath);
            var (hidden, vocabulary, onlyLast) = EncoderDecoderProbe.Run(files, graph, encoder, first);
            OnnxDecoder decoder = new(next, files.Next, ModelKind.EncoderDecoder, vocabulary, config?.ContextLength, config?.ModelType ?? "unknown")
            {
                Transformer = graph.Decoder,
                OnlyLastLogits = onlyLast,
            };
            OnnxEncoderDecoder model = new(files, graph, encoder, first, decoder) { HiddenSize = hidden, SourceContextLength = config?.SourceContextLength };
            try
            {
                model.ReadsSeveral = EncoderDecoderProbe.ReadsSeveral(model, ct);
            }
            catch (ModelRunException e)
            {
                throw new ModelLoadException(files.Next.GraphPath, $"cannot be run with the other graphs of the model: {e.Message}", e);
            }

            return model;
        }
        catch
        {
            opened.ForEach(session => session.Dispose());
            throw;
        }

        InferenceSession OpenNext(GraphFiles file)
        {
            ct.ThrowIfCancellationRequested();
            var session = Open(file, options);
            opened.Add(session);
            return session;
        }
    }

    private static OnnxDecoder LoadDescribed(InferenceSession session, GraphFiles folder, LmDescription description)
    {
        var graph = LmGraph.Read(session, folder.GraphPath, description);
        return new OnnxDecoder(session, folder, description.Kind, description.VocabularySize, null, description.ModelType ?? Family(folder, description))
        {
            Described = graph,
            OnlyLastLogits = !graph.GivesEveryLogits && description.Kind == ModelKind.Recurrent,
        };
    }

    private static string Family(GraphFiles folder, LmDescription description)
    {
        if (description.Kind == ModelKind.FeedForward)
            return "feedforward";
        return folder.Graph.Operators.Contains("LSTM") ? "lstm" : folder.Graph.Operators.Contains("GRU") ? "gru" : "recurrent";
    }

    /// <summary>
    /// How the threads of a session wait for work. One that spins takes its core from other runs and from the web server; when no run is under way
    /// none may.
    /// </summary>
    internal static IEnumerable<(string Name, string Value)> ThreadSettings(OnnxLoadOptions options) => options.SpinInRuns
        ? [("session.intra_op.allow_spinning", "1"), ("session.force_spinning_stop", "1")]
        : [("session.intra_op.allow_spinning", "0")];

    private static InferenceSession Open(GraphFiles folder, OnnxLoadOptions options)
    {
        using SessionOptions session = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = options.IntraOpThreads > 0 ? options.IntraOpThreads : PhysicalCores.Count,
            // The cache grows, so that no pattern of shapes comes twice.
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        foreach (var (name, value) in ThreadSettings(options))
            session.AddSessionConfigEntry(name, value);
        try
        {
            return new InferenceSession(folder.GraphPath, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException(folder.GraphPath, $"ONNX Runtime cannot load it: {e.Message}", e);
        }
    }
}
