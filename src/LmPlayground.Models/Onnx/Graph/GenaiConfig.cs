using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>What an onnxruntime-genai folder says of its decoder: <c>genai_config.json</c> stands there for <c>config.json</c>.</summary>
internal sealed record GenaiConfig(string GraphName, DecoderConfig Decoder)
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "genai_config.json";

    /// <summary>Reads the file of a folder, or gives null where there is none.</summary>
    /// <exception cref="ModelLoadException">It is no JSON, lacks the decoder's file, or a property that is needed has the wrong type.</exception>
    public static GenaiConfig? TryRead(string directory)
    {
        if (JsonSource.TryRead(Path.Combine(directory, FileName)) is not { } file)
            return null;
        var model = file.Required("model");
        var decoder = model.Required("decoder");
        return new GenaiConfig(
            decoder.Required("filename").AsString(),
            new DecoderConfig
            {
                ModelType = model.Text("type"),
                ContextLength = model.Integer("context_length"),
                Heads = _ => decoder.Integer("num_attention_heads"),
                KeyValueHeads = _ => decoder.Integer("num_key_value_heads") ?? decoder.Integer("num_attention_heads"),
                HeadSize = _ => decoder.Integer("head_size") ?? (decoder.Integer("hidden_size") / decoder.Integer("num_attention_heads")),
            });
    }
}
