using System.Collections.Immutable;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>The inputs and outputs of a model that an <c>lm.json</c> describes, checked against the graph.</summary>
internal sealed record LmGraph
{
    /// <summary>The description.</summary>
    public required LmDescription Description { get; init; }

    /// <summary>Token ids: [batch, tokens] or [batch, window].</summary>
    public required GraphTensor Tokens { get; init; }

    /// <summary>Logits: [batch, tokens, vocabulary], or [batch, vocabulary] after the last token.</summary>
    public required GraphTensor Logits { get; init; }

    /// <summary>Each state as input and output, with its shape for a batch of one.</summary>
    public required ImmutableArray<(GraphTensor Input, GraphTensor Output, ImmutableArray<long> Shape)> States { get; init; }

    /// <summary>Whether a run over several tokens gives logits for each of them.</summary>
    public bool GivesEveryLogits => Logits.Dimensions.Length == 3 && Logits.Dimensions[1] != 1;

    /// <summary>How many tokens (recurrent) or windows (window) one run takes; <see cref="int.MaxValue"/> where the graph leaves it open.</summary>
    public int MaxTokensPerRun
    {
        get
        {
            var declared = Tokens.Dimensions[Description.Kind == ModelKind.FeedForward ? 0 : 1];
            return declared > 0 ? declared : int.MaxValue;
        }
    }

    /// <summary>Compares <paramref name="description"/> with what <paramref name="session"/> declares.</summary>
    /// <exception cref="ModelLoadException">They do not fit.</exception>
    public static LmGraph Read(InferenceSession session, string file, LmDescription description)
    {
        GraphInterface graph = new(session, file);
        LmGraph found = new()
        {
            Description = description,
            Tokens = graph.TokenInput(description.TokensName),
            Logits = graph.FloatingOutput(description.LogitsName),
            States = [.. description.States.Select(s => (
                graph.FindInput(s.Input) ?? throw Mismatch($"names the state input '{s.Input}', which the graph does not have."),
                graph.FloatingOutput(s.Output),
                s.Shape))],
        };
        graph.RequireOnly(found.States.Select(s => s.Input).Append(found.Tokens));
        var isWindow = description.Kind == ModelKind.FeedForward;
        if (found.Tokens.Dimensions is not [_, var length] || (isWindow ? length > 0 && length != description.Window : length > 1))
            throw Mismatch($"does not fit the graph's {found.Tokens}{(isWindow ? $" with a window of {description.Window}" : "")}.");
        var logits = found.Logits.Dimensions;
        if (logits.Length is not (2 or 3) || (logits[^1] > 0 && logits[^1] != description.VocabularySize))
            throw Mismatch($"says that the vocabulary has {description.VocabularySize} tokens; the graph has {found.Logits}.");
        if (isWindow && logits.Length != 2)
            throw Mismatch($"describes a window model, whose logits are [batch, vocabulary]; the graph has {found.Logits}.");
        foreach (var (input, output, shape) in found.States)
        {
            if (!Fits(input, shape) || !Fits(output, shape) || input.ElementType != output.ElementType)
                throw Mismatch($"gives a state the shape [{string.Join(", ", shape)}]; the graph has {input} and {output}.");
        }

        return found;

        ModelLoadException Mismatch(string reason) => new(description.Path, reason);
    }

    private static bool Fits(GraphTensor tensor, ImmutableArray<long> shape) =>
        tensor.IsFloatingPoint && tensor.Dimensions.Length == shape.Length && tensor.Dimensions.Zip(shape).All(d => d.First < 0 || d.First == d.Second);
}
