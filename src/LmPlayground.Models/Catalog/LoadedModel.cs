using LmPlayground.Models.Onnx;
using LmPlayground.Models.Tokenization;

namespace LmPlayground.Models.Catalog;

/// <summary>A decoder with its tokenizer and card.</summary>
internal sealed class LoadedModel(ModelCard card, ModelTokenizer tokenizer, OnnxDecoder decoder) : ILanguageModel
{
    public ModelCard Card { get; } = card;

    public ModelTokenizer Tokenizer { get; } = tokenizer;

    /// <summary>What computes: the benchmarks run a loop of their own over it.</summary>
    internal OnnxDecoder Decoder { get; } = decoder;

    public IDecoderSession StartSession() => Decoder.StartSession();

    public void Dispose() => Decoder.Dispose();
}
