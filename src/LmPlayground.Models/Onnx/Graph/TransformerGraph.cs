using System.Collections.Immutable;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>A Transformer decoder's inputs and outputs by what they are for. What the graph does not declare is null and not fed.</summary>
internal sealed record TransformerGraph
{
    // transformers before and since 4.49, AIMET's exports, and the switch of OLMo and ChatGLM.
    private static readonly string[] LogitsToKeepNames = ["num_logits_to_keep", "logits_to_keep", "num_logits_to_return", "last_logits_only"];

    /// <summary>Token ids, [batch, tokens].</summary>
    public required GraphTensor Tokens { get; init; }

    /// <summary>Positions of the tokens, [batch, tokens].</summary>
    public GraphTensor? Positions { get; init; }

    /// <summary>1 for every position that may be attended to, [batch, past + tokens].</summary>
    public GraphTensor? Mask { get; init; }

    /// <summary>A merged export's switch between its branch without and with a past, bool[1].</summary>
    public GraphTensor? UseCache { get; init; }

    /// <summary>Past + tokens, as one number.</summary>
    public GraphTensor? TotalLength { get; init; }

    /// <summary>How many positions are in the cache, as one number.</summary>
    public GraphTensor? PastLength { get; init; }

    /// <summary>Past + tokens - 1 of each row of the batch: GroupQueryAttention's own input.</summary>
    public GraphTensor? LastIndex { get; init; }

    /// <summary>After how many of the last tokens logits are wanted, as one number: 0 is after each.</summary>
    public GraphTensor? LogitsToKeep { get; init; }

    /// <summary>Logits, [batch, tokens, vocabulary].</summary>
    public required GraphTensor Logits { get; init; }

    /// <summary>The key-value cache.</summary>
    public required ImmutableArray<CacheTensor> Caches { get; init; }

    /// <summary>Finds out what <paramref name="session"/> wants.</summary>
    /// <exception cref="ModelLoadException">It is no decoder-only language model with a cache, or wants what nobody knows.</exception>
    public static TransformerGraph Read(InferenceSession session, string file, DecoderConfig? config, string configPath)
    {
        GraphInterface graph = new(session, file);
        RefuseOtherKinds(graph, config);
        var found = Find(graph, config, configPath);
        graph.RequireOnly(found.Inputs());
        if (found.Caches.IsEmpty)
            throw graph.Unusable("has no key-value cache (past_key_values.*), so that every token would cost as much as all before it. Export it for text generation with past.");
        return found;
    }

    /// <summary>Takes from a graph what a decoder has; there may be more.</summary>
    /// <exception cref="ModelLoadException">Something has an unexpected type or shape.</exception>
    public static TransformerGraph Find(GraphInterface graph, DecoderConfig? config, string configPath)
    {
        var tokens = graph.TokenInput("input_ids");
        if (tokens.Dimensions is not [_, var length] || length > 0)
            throw graph.Unusable($"'input_ids' must be [batch, tokens] of any number of tokens, not {tokens}.");
        TransformerGraph found = new()
        {
            Tokens = tokens,
            Positions = graph.FindIntegers("position_ids"),
            Mask = graph.FindIntegers("attention_mask"),
            UseCache = graph.FindInput("use_cache_branch"),
            TotalLength = graph.FindIntegers("total_sequence_length"),
            PastLength = graph.FindIntegers("past_sequence_length"),
            LastIndex = graph.FindIntegers("seqlens_k"),
            LogitsToKeep = FindLogitsToKeep(graph),
            Logits = graph.FloatingOutput("logits"),
            Caches = CacheTensor.FindAll(graph, config, configPath),
        };
        if (found.UseCache is { ElementType: not TensorElementType.Bool })
            throw graph.Unusable($"input 'use_cache_branch' has the unexpected type {found.UseCache.ElementType}; bool is known.");
        if (found.Logits.Dimensions.Length != 3)
            throw graph.Unusable($"'logits' must be [batch, tokens, vocabulary], not {found.Logits}.");
        return found;
    }

    /// <summary>Whether this output has a row for every token, or only one for the last.</summary>
    public bool GivesOnlyLastLogits => Logits.Dimensions[1] == 1;

    /// <summary>Those inputs that are one number, and how it follows from the length of the past and the number of tokens.</summary>
    public IEnumerable<(GraphTensor Tensor, LengthInput Meaning)> LengthInputs()
    {
        if (TotalLength is not null)
            yield return (TotalLength, LengthInput.Total);
        if (PastLength is not null)
            yield return (PastLength, LengthInput.Past);
        if (LastIndex is not null)
            yield return (LastIndex, LengthInput.LastIndex);
        if (LogitsToKeep is not null)
            yield return (LogitsToKeep, LengthInput.EveryLogit);
    }

    /// <summary>Every input that is known here.</summary>
    public IEnumerable<GraphTensor> Inputs()
    {
        GraphTensor?[] single = [Tokens, Positions, Mask, UseCache, TotalLength, PastLength, LastIndex, LogitsToKeep];
        return single.OfType<GraphTensor>().Concat(Caches.Select(c => c.Past));
    }

    private static GraphTensor? FindLogitsToKeep(GraphInterface graph)
    {
        var found = LogitsToKeepNames.Select(graph.FindInput).FirstOrDefault(tensor => tensor is not null);
        var isOneNumber = found is null or ({ IsInteger: true } or { ElementType: TensorElementType.Bool }) and { Dimensions: [] or [< 0 or 1] };
        return isOneNumber ? found : throw graph.Unusable($"input '{found!.Name}' must be one int64, int32 or bool, not {found}.");
    }

    private static void RefuseOtherKinds(GraphInterface graph, DecoderConfig? config)
    {
        var named = config?.ClassName ?? config?.ModelType ?? "its kind is not named";
        if (config?.IsEncoderDecoder == true || graph.Inputs.Any(i => i.Name.StartsWith("encoder_", StringComparison.Ordinal)))
            throw graph.Unusable($"is one half of an encoder-decoder model ({named}): it cannot be run without the other half.");
    }
}

/// <summary>What an input of one number says of the sequence.</summary>
internal enum LengthInput
{
    /// <summary>Past + tokens.</summary>
    Total,

    /// <summary>The past alone.</summary>
    Past,

    /// <summary>Past + tokens - 1.</summary>
    LastIndex,

    /// <summary>0: a prompt's tokens are scored too, so that no logits are left out.</summary>
    EveryLogit,
}
