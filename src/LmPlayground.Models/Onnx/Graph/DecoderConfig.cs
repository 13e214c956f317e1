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

    /// <summary>Attention heads.</summary>
    public int? Heads { get; init; }

    /// <summary>Heads of the key-value cache.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Length of one head's vectors.</summary>
    public int? HeadSize { get; init; }

    /// <summary>Reads <paramref name="path"/>, or gives null if there is no such file.</summary>
    /// <exception cref="ModelLoadException">It is no JSON, or a property that is needed has the wrong type.</exception>
    public static DecoderConfig? TryRead(string path)
    {
        if (JsonSource.TryRead(path) is not { } file)
            return null;

        // A model of text and images keeps the decoder's shape in an object of its own.
        var text = file.Optional("text_config");
        var heads = First(file, text, "num_attention_heads", "n_head", "n_heads", "num_heads", "decoder_attention_heads", "encoder_attention_heads");
        var hidden = First(file, text, "hidden_size", "n_embd", "d_model");

        // T5 says "n_positions" too: the length that it was trained on, which limits nothing.
        var isRelative = file.Flag("is_encoder_decoder") && file.Integer("relative_attention_num_buckets") is not null;
        var multiQuery = file.Flag("multi_query");
        return new DecoderConfig
        {
            ModelType = file.Text("model_type"),
            ClassName = file.Optional("architectures")?.Items().Select(name => name.AsString()).FirstOrDefault(),
            IsEncoderDecoder = file.Flag("is_encoder_decoder"),
            ContextLength = isRelative ? null : First(file, text, ["max_decoder_position_embeddings", .. ContextNames]),
            SourceContextLength = isRelative ? null : First(file, text, ["max_encoder_position_embeddings", .. ContextNames]),
            PaddingId = file.Optional("pad_token_id") is { Kind: System.Text.Json.JsonValueKind.Number } stated && stated.AsInt32() is >= 0 and var id ? id : null,
            Heads = heads,
            KeyValueHeads = First(file, text, "num_key_value_heads", "num_kv_heads") ?? (multiQuery ? 1 : heads),
            HeadSize = First(file, text, "head_dim", "d_kv") ?? (hidden / heads),
        };
    }

    private static int? First(JsonSource file, JsonSource? text, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if ((file.Integer(name) ?? text?.Integer(name)) is { } value)
                return value;
        }

        return null;
    }
}
