using System.Text.Json;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>What <c>config.json</c> says of a Transformer's shape: each architecture under names of its own.</summary>
internal sealed record DecoderConfig
{
    private static readonly string[] ContextNames =
        ["max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "max_sequence_length", "seq_length"];

    /// <summary>The family: "llama", "gpt2".</summary>
    public string? ModelType { get; init; }

    /// <summary>The first of <c>architectures</c>: "LlamaForCausalLM".</summary>
    public string? ClassName { get; init; }

    /// <summary>Whether it has an encoder besides the decoder.</summary>
    public bool IsEncoderDecoder { get; init; }

    /// <summary>How many positions it was made for, or null if it does not say.</summary>
    public int? ContextLength { get; init; }

    /// <summary>How many positions of a source the encoder was made for, or null if it does not say or counts relative to each other.</summary>
    public int? SourceContextLength { get; init; }

    /// <summary>The id that fills shorter rows of a batch.</summary>
    public int? PaddingId { get; init; }

    /// <summary>What could not be used, in whole sentences.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Attention heads of a layer. Shapes are read where a graph leaves them open and not before: most graphs state them.</summary>
    public Func<int, int?> Heads { get; init; } = _ => null;

    /// <summary>Heads of a layer's key-value cache.</summary>
    public Func<int, int?> KeyValueHeads { get; init; } = _ => null;

    /// <summary>Length of the vectors of one head of a layer.</summary>
    public Func<int, int?> HeadSize { get; init; } = _ => null;

    /// <summary>Reads <paramref name="path"/>, or gives null if there is no such file.</summary>
    /// <exception cref="ModelLoadException">It is no JSON.</exception>
    public static DecoderConfig? TryRead(string path) => JsonSource.TryRead(path) is { } file ? Read(file) : null;

    /// <summary>Takes from a file what it says.</summary>
    public static DecoderConfig Read(JsonSource file)
    {
        UsableValues values = new();

        // A model of text and images keeps the decoder's shape in an object of its own.
        var text = file.Optional("text_config") is { Kind: JsonValueKind.Object } nested ? nested : (JsonSource?)null;

        // T5 says "n_positions" too: the length that it was trained on, which limits nothing.
        var isEncoderDecoder = values.Read(file.Optional("is_encoder_decoder"), value => value.AsBoolean());
        var isRelative = isEncoderDecoder && values.Read(file.Optional("relative_attention_num_buckets"), value => value.AsInt32()) > 0;
        DecoderConfig read = new()
        {
            ModelType = values.Read(file.Optional("model_type"), value => value.AsString()),
            ClassName = values.Read(file.Optional("architectures"), value => value.Items().Select(name => name.AsString()).FirstOrDefault()),
            IsEncoderDecoder = isEncoderDecoder,
            ContextLength = isRelative ? null : Length(values, file, text, ["max_decoder_position_embeddings", .. ContextNames]),
            SourceContextLength = isRelative ? null : Length(values, file, text, ["max_encoder_position_embeddings", .. ContextNames]),
            PaddingId = values.Read(file.Optional("pad_token_id"), value => (int?)value.AsInt32()) is >= 0 and var id ? id : null,
            Heads = Heads,
            KeyValueHeads = layer => OfLayer(file, text, layer, "num_key_value_heads", "num_kv_heads") ?? (file.Flag("multi_query") ? 1 : Heads(layer)),
            HeadSize = layer => OfLayer(file, text, layer, "head_dim", "d_kv") ?? (OfLayer(file, text, layer, "hidden_size", "n_embd", "d_model") / Heads(layer)),
        };
        return read with { Notices = values.Notices };

        int? Heads(int layer) =>
            OfLayer(file, text, layer, "num_attention_heads", "n_head", "n_heads", "num_heads", "decoder_attention_heads", "encoder_attention_heads");
    }

    private static int? Length(UsableValues values, JsonSource file, JsonSource? text, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var place in (JsonSource?[])[file, text])
            {
                if (place is { } source && values.Read(source.Optional(name), Positive) is { } length)
                    return length;
            }
        }

        return null;
    }

    /// <summary>A number of one layer: one for all layers, or a list with one for each.</summary>
    private static int? OfLayer(JsonSource file, JsonSource? text, int layer, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if ((file.Optional(name) ?? text?.Optional(name)) is not { } stated)
                continue;
            var own = stated.Kind == JsonValueKind.Array
                ? stated.Items().Select(item => (JsonSource?)item).ElementAtOrDefault(layer) ?? throw stated.Wrong($"a number for layer {layer} was expected")
                : stated;
            return Positive(own);
        }

        return null;
    }

    /// <summary>A number that must be above 0.</summary>
    public static int? Positive(JsonSource stated) =>
        stated.AsInt32() is > 0 and var value ? value : throw stated.Wrong("a number above 0 was expected");
}
