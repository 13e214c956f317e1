using LmPlayground.Models.Onnx;
using LmPlayground.Models.Tokenization;

namespace LmPlayground.Models.Catalog;

/// <summary>A decoder with its tokenizer and card.</summary>
internal sealed class LoadedModel(ModelCard card, ModelTokenizer tokenizer, OnnxDecoder decoder) : ILanguageModel
{
    public ModelCard Card { get; } = card;

    public ModelTokenizer Tokenizer { get; } = tokenizer;

    public IDecoderSession StartSession() => decoder.StartSession();

    public void Dispose() => decoder.Dispose();
}
