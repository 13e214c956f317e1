using LmPlayground.Models.Onnx.Sessions;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Catalog;

/// <summary>An encoder-decoder's weights with its tokenizer and card.</summary>
internal sealed class EncoderDecoderModel(ModelCard card, ModelTokenizer tokenizer, OnnxEncoderDecoder weights) : IEncoderDecoderModel
{
    public ModelCard Card { get; } = card;

    public ModelTokenizer Tokenizer { get; } = tokenizer;

    public ILanguageModel Encode(ReadOnlySpan<int> sourceIds, CancellationToken cancellationToken = default) =>
        new LoadedModel(Card, Tokenizer, weights.Encode(sourceIds, cancellationToken));

    public void Dispose() => weights.Dispose();
}
