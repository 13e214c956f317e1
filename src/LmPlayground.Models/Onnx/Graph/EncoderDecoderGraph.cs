using System.Collections.Immutable;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>What one run of a decoder takes of the source besides its keys and values. What the graph does not declare is null and not fed.</summary>
/// <param name="States">The encoder's output, [batch, source, hidden].</param>
/// <param name="Mask">1 for every source token, [batch, source].</param>
internal sealed record SourceInputs(GraphTensor? States, GraphTensor? Mask)
{
    /// <summary>Both, where they are there.</summary>
    public IEnumerable<GraphTensor> Inputs => new[] { States, Mask }.OfType<GraphTensor>();

    /// <summary>Finds them in a decoder.</summary>
    public static SourceInputs Find(GraphInterface graph) =>
        new SourceInputs(graph.FindInput("encoder_hidden_states"), graph.FindIntegers("encoder_attention_mask"));
}

/// <summary>The inputs and outputs of an encoder-decoder's graphs by what they are for.</summary>
internal sealed record EncoderDecoderGraph
{
    /// <summary>The source's token ids, [batch, source].</summary>
    public required GraphTensor SourceTokens { get; init; }

    /// <summary>1 for every source token, [batch, source].</summary>
    public GraphTensor? SourceMask { get; init; }

    /// <summary>The encoder's output, [batch, source, hidden].</summary>
    public required GraphTensor States { get; init; }

    /// <summary>What the run that begins a sequence takes of the source.</summary>
    public required SourceInputs First { get; init; }

    /// <summary>What later runs take of the source.</summary>
    public required SourceInputs Next { get; init; }

    /// <summary>The decoder's own inputs and outputs, named alike in all of its runs; the first run of a separate export takes no past.</summary>
    public required TransformerGraph Decoder { get; init; }

    /// <summary>Keys and values of the source: given by the first run, taken by later ones.</summary>
    public required ImmutableArray<CacheTensor> SourceCaches { get; init; }

    /// <summary>Compares the graphs with each other.</summary>
    /// <exception cref="ModelLoadException">One of them is of another kind, or wants what nobody knows, or they do not fit each other.</exception>
    public static EncoderDecoderGraph Read(
        EncoderDecoderFiles files, InferenceSession encoderSession, InferenceSession firstSession, InferenceSession nextSession, DecoderConfig? config, string configPath)
    {
        GraphInterface encoder = new(encoderSession, files.Encoder.GraphPath);
        GraphInterface first = new(firstSession, files.First.GraphPath);
        var next = files.IsMerged ? first : new GraphInterface(nextSession, files.Next.GraphPath);
        EncoderDecoderGraph found = new()
        {
            SourceTokens = encoder.TokenInput("input_ids"),
            SourceMask = encoder.FindIntegers("attention_mask"),
            States = encoder.FloatingOutput(encoder.Outputs.Count == 1 ? encoder.Outputs.First().Name : "last_hidden_state"),
            First = SourceInputs.Find(first),
            Next = SourceInputs.Find(next),
            Decoder = TransformerGraph.Find(next, config, configPath),
            SourceCaches = CacheTensor.FindSource(next, first, config, configPath),
        };
        encoder.RequireOnly(new[] { found.SourceTokens, found.SourceMask }.OfType<GraphTensor>());
        next.RequireOnly(found.Decoder.Inputs().Concat(found.Next.Inputs).Concat(found.SourceCaches.Select(c => c.Past)));
        if (found.Decoder.Caches.IsEmpty && found.SourceCaches.IsEmpty)
            throw next.Unusable("has no key-value cache of the text and of the source (past_key_values.*.decoder.*, past_key_values.*.encoder.*). Export it with past.");
        if (found.Decoder.Caches.IsEmpty || found.SourceCaches.IsEmpty)
            throw next.Unusable($"has a key-value cache, but none of the {(found.Decoder.Caches.IsEmpty ? "text (past_key_values.*.decoder.*)" : "source (past_key_values.*.encoder.*)")}: it is no encoder-decoder's decoder as Hugging Face Optimum exports it.");
        found.CheckFirst(first, files);
        if (found.First.States is not { } states)
            throw first.Unusable("has no input 'encoder_hidden_states': it does not look at a source.");
        if (states.ElementType != found.States.ElementType || !Fits(states, found.States))
            throw first.Unusable($"does not fit {files.Encoder.GraphName}, which gives {found.States} where {states} is wanted. Take both from one export.");
        return found;
    }

    /// <summary>In a separate export, the first run must give what later runs take.</summary>
    private void CheckFirst(GraphInterface first, EncoderDecoderFiles files)
    {
        if (files.IsMerged)
            return;
        var tokens = first.TokenInput("input_ids");
        first.RequireOnly(First.Inputs.Append(tokens));
        foreach (var wanted in Decoder.Caches.Select(c => c.Present).Append(Decoder.Logits))
        {
            var given = first.FloatingOutput(wanted.Name);
            if (given.ElementType != wanted.ElementType || !Fits(given, wanted))
                throw first.Unusable($"does not fit {files.Next.GraphName}: one has {given}, the other {wanted}. Take both from one export.");
        }

        if (tokens.ElementType != Decoder.Tokens.ElementType)
            throw first.Unusable($"does not fit {files.Next.GraphName}: one has {tokens}, the other {Decoder.Tokens}. Take both from one export.");
    }

    private static bool Fits(GraphTensor a, GraphTensor b) =>
        a.Dimensions.Length == b.Dimensions.Length && a.Dimensions.Zip(b.Dimensions).All(d => d.First < 0 || d.Second < 0 || d.First == d.Second);
}
