using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>A masked language model's inputs and output by what they are for. What the graph does not declare is null and not fed.</summary>
internal sealed record MaskedGraph
{
    /// <summary>Token ids, [batch, tokens].</summary>
    public required GraphTensor Tokens { get; init; }

    /// <summary>1 for every token that may be attended to, [batch, tokens].</summary>
    public GraphTensor? Mask { get; init; }

    /// <summary>Which of two texts a token belongs to, [batch, tokens]: one text alone is all zeros.</summary>
    public GraphTensor? TokenTypes { get; init; }

    /// <summary>Positions of the tokens from 0, [batch, tokens].</summary>
    public GraphTensor? Positions { get; init; }

    /// <summary>Logits, [batch, tokens, vocabulary].</summary>
    public required GraphTensor Logits { get; init; }

    /// <summary>Every input that the graph declares.</summary>
    public IEnumerable<GraphTensor> Inputs => new[] { Tokens, Mask, TokenTypes, Positions }.OfType<GraphTensor>();

    /// <summary>Whether a graph fills gaps: <c>config.json</c> says so, or it tells two texts apart, and it carries no past.</summary>
    public static bool Describes(InferenceSession session, DecoderConfig? config)
    {
        if (config?.IsEncoderDecoder == true || session.InputMetadata.Keys.Any(name => name.StartsWith("past", StringComparison.Ordinal) || name.StartsWith("encoder_", StringComparison.Ordinal)))
            return false;
        return config?.ClassName is { } named
            ? named.EndsWith("ForMaskedLM", StringComparison.Ordinal)
            : session.InputMetadata.ContainsKey("token_type_ids");
    }

    /// <summary>Finds out what <paramref name="session"/> wants.</summary>
    /// <exception cref="ModelLoadException">It gives no logits for every token, or wants what nobody knows.</exception>
    public static MaskedGraph Read(InferenceSession session, string file)
    {
        GraphInterface graph = new(session, file);
        MaskedGraph found = new()
        {
            Tokens = graph.TokenInput("input_ids"),
            Mask = graph.FindIntegers("attention_mask"),
            TokenTypes = graph.FindIntegers("token_type_ids"),
            Positions = graph.FindIntegers("position_ids"),
            Logits = graph.FloatingOutput("logits"),
        };
        foreach (var input in found.Inputs)
        {
            if (input.Dimensions is not [_, < 0])
                throw graph.Unusable($"'{input.Name}' must be [batch, tokens] of any number of tokens, not {input}.");
        }

        if (found.Logits.Dimensions is not [_, var tokens, _] || tokens > 0)
            throw graph.Unusable($"'logits' must be [batch, tokens, vocabulary] of any number of tokens, not {found.Logits}.");
        graph.RequireOnly(found.Inputs);
        return found;
    }
}
