using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>What an onnxruntime-genai folder says of its decoder: <c>genai_config.json</c> stands there for <c>config.json</c>.</summary>
/// <param name="GraphName">The decoder's file, or null where none is named.</param>
/// <param name="Decoder">Its shape.</param>
internal sealed record GenaiConfig(string? GraphName, DecoderConfig Decoder)
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "genai_config.json";

    /// <summary>Reads the file of a folder, or gives null where there is none.</summary>
    /// <exception cref="ModelLoadException">It is no JSON.</exception>
    public static GenaiConfig? TryRead(string directory) => JsonSource.TryRead(Path.Combine(directory, FileName)) is { } file ? Read(file) : null;

    /// <summary>Takes from a file what it says.</summary>
    public static GenaiConfig Read(JsonSource file)
    {
        UsableValues values = new();
        var model = values.Member(file, "model");
        var decoder = values.Member(model, "decoder");
        DecoderConfig read = new()
        {
            ModelType = values.Read(model?.Optional("type"), value => value.AsString()),
            ContextLength = values.Read(model?.Optional("context_length"), DecoderConfig.Positive),
            Heads = _ => decoder?.Integer("num_attention_heads"),
            KeyValueHeads = _ => decoder?.Integer("num_key_value_heads") ?? decoder?.Integer("num_attention_heads"),
            HeadSize = _ => decoder?.Integer("head_size") ?? (decoder?.Integer("hidden_size") / decoder?.Integer("num_attention_heads")),
        };
        return new GenaiConfig(values.Read(decoder?.Optional("filename"), value => value.AsString()), read with { Notices = values.Notices });
    }
}
