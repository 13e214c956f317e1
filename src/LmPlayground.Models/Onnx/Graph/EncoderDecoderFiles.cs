using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>The graphs of an encoder-decoder: the encoder, the decoder's first run, and its later runs. A merged decoder is both of these.</summary>
internal sealed record EncoderDecoderFiles(GraphFiles Encoder, GraphFiles First, GraphFiles Next)
{
    /// <summary>What exporters append to the names, the preferred first: full precision before quantised.</summary>
    private static readonly string[] Variants = ["", "_fp16", "_q4", "_q4f16", "_int8", "_uint8", "_quantized", "_bnb4"];

    private static readonly string[] Folders = ["", "onnx/"];

    /// <summary>Whether one graph, with its weights in memory once, is the whole decoder.</summary>
    public bool IsMerged => ReferenceEquals(First, Next);

    /// <summary>Every file of the graphs and their weights, in the order of their names.</summary>
    public IReadOnlyList<string> Files => [.. Encoder.Files.Concat(First.Files).Concat(Next.Files).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether a folder promises to hold an encoder-decoder, without its graphs being read.</summary>
    /// <param name="config">Its <c>config.json</c>, or null.</param>
    /// <param name="has">Whether it has the file of this path, with forward slashes.</param>
    public static bool Peek(string? config, Func<string, bool> has)
    {
        try
        {
            return (config is null ? null : DecoderConfig.TryRead(config))?.IsEncoderDecoder
                ?? Folders.Any(folder => Variants.Any(variant => has($"{folder}encoder_model{variant}.onnx")));
        }
        catch (ModelLoadException)
        {
            // Loading it says what is wrong.
            return false;
        }
    }

    /// <summary>
    /// Opens the graphs of <paramref name="directory"/>, or gives null where it holds no encoder and <c>config.json</c> speaks of none.
    /// Where the decoder is there merged and in two parts, the merged one is taken.
    /// </summary>
    /// <param name="directory">The model's folder.</param>
    /// <param name="config">Its <c>config.json</c>, or null.</param>
    /// <param name="decoderName">The merged decoder's file of the variant to take, or null for the preferred one.</param>
    /// <exception cref="ModelLoadException">A half is missing or broken.</exception>
    public static EncoderDecoderFiles? TryOpen(string directory, DecoderConfig? config, string? decoderName = null)
    {
        string? alone = null;
        foreach (var (folder, variant) in Folders.SelectMany(folder => Variants.Select(variant => (folder, variant))))
        {
            if (decoderName is not null && decoderName != $"{folder}decoder_model_merged{variant}.onnx")
                continue;
            var encoder = $"{folder}encoder_model{variant}.onnx";
            var merged = $"{folder}decoder_model_merged{variant}.onnx";
            var (first, next) = ($"{folder}decoder_model{variant}.onnx", $"{folder}decoder_with_past_model{variant}.onnx");
            if (!Has(encoder))
                continue;
            if (Has(merged))
            {
                var decoder = GraphFiles.Open(directory, merged);
                return new EncoderDecoderFiles(GraphFiles.Open(directory, encoder), decoder, decoder);
            }

            if (Has(first) && Has(next))
                return new EncoderDecoderFiles(GraphFiles.Open(directory, encoder), GraphFiles.Open(directory, first), GraphFiles.Open(directory, next));
            alone ??= Has(first) ? next : Has(next) ? first : merged;
        }

        if (alone is not null && (config?.IsEncoderDecoder == true || !Has("model.onnx")))
            throw Missing(alone);
        return config?.IsEncoderDecoder == true ? throw Missing("encoder_model.onnx") : null;

        bool Has(string name) => File.Exists(Path.Combine(directory, name));

        ModelLoadException Missing(string name) => new(
            Path.Combine(directory, name),
            $"is missing: an encoder-decoder needs encoder_model.onnx, and decoder_model_merged.onnx or decoder_model.onnx with decoder_with_past_model.onnx. {GraphFiles.Listing(directory)}");
    }
}
